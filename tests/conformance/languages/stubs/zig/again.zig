//! Reads the recordings of a server as the structs of its sources, and writes them again; then asks and tells.

const std = @import("std");
const platform = @import("platform.zig");
const forms = @import("forms.zig");
const hostile = @import("hostile.zig");

const Texts = std.json.ArrayHashMap([]const u8);
const Recordings = struct { platform: Texts, forms: Texts };

fn read(comptime T: type, arena: std.mem.Allocator, text: []const u8) !T {
    return std.json.parseFromSliceLeaky(T, arena, text, .{ .ignore_unknown_fields = true });
}

fn written(arena: std.mem.Allocator, value: anytype) ![]const u8 {
    return std.json.Stringify.valueAlloc(arena, value, .{ .emit_null_optional_fields = false });
}

fn again(comptime source: type, arena: std.mem.Allocator, texts: *Texts) !void {
    inline for (comptime std.meta.declarations(source)) |name| {
        if (texts.map.getPtr(name)) |text| {
            text.* = try written(arena, try read(@field(source, name), arena, text.*));
        }
    }
}

fn firstProgram(arena: std.mem.Allocator, answered: []const u8) ![]const u8 {
    const Request = platform.GetConnectionsToContact;
    const body = try written(arena, Request{
        .ContactId = "0193a1b2-5c6d-7e8f-9a0b-0000000000ff",
        .IsPagedMode = true,
        .SortOrder = .Descending,
    });
    const answer = try read(Request.Response, arena, answered);
    const second = answer.Connections.?[1];
    const told = .{ second.Contact.?.ContactFullName, second.AllowRemove, second.FromDate, answer.Connections.?.len };
    return written(arena, .{ Request.ss_name, Request.ss_verb, body, told });
}

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();
    comptime std.debug.assert(@sizeOf(hostile.Hostile) > 0);

    var input_buffer: [4096]u8 = undefined;
    var input = std.Io.File.stdin().reader(init.io, &input_buffer);
    var recordings = try read(Recordings, arena, try input.interface.allocRemaining(arena, .unlimited));

    const first = try firstProgram(arena, recordings.platform.map.get("GetConnectionsToContactResponse").?);
    try again(platform, arena, &recordings.platform);
    try again(forms, arena, &recordings.forms);

    var output_buffer: [4096]u8 = undefined;
    var output = std.Io.File.stdout().writer(init.io, &output_buffer);
    try std.json.Stringify.value(.{ recordings, first }, .{}, &output.interface);
    try output.interface.flush();
}
