//! Stands for the client library: the types that sources take from it.

const std = @import("std");

pub const ResponseError = struct {
    errorCode: ?[]const u8 = null,
    fieldName: ?[]const u8 = null,
    message: ?[]const u8 = null,
    meta: ?std.json.Value = null,
};

pub const ResponseStatus = struct {
    errorCode: ?[]const u8 = null,
    message: ?[]const u8 = null,
    stackTrace: ?[]const u8 = null,
    errors: ?[]ResponseError = null,
    meta: ?std.json.Value = null,
};
