//! Stands for the client crate: the types that sources take from it, and what it asks a request.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

pub trait IRequest {
    const NAME: &'static str;
    const VERB: &'static str;
}

pub trait IReturn {
    type Response;
}

pub trait IReturnVoid {}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
#[serde(default, rename_all = "camelCase")]
pub struct ResponseError {
    pub error_code: Option<String>,
    pub field_name: Option<String>,
    pub message: Option<String>,
    pub meta: Option<HashMap<String, String>>,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
#[serde(default, rename_all = "camelCase")]
pub struct ResponseStatus {
    pub error_code: Option<String>,
    pub message: Option<String>,
    pub stack_trace: Option<String>,
    pub errors: Option<Vec<ResponseError>>,
    pub meta: Option<HashMap<String, String>>,
}
