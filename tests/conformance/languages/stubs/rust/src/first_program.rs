use crate::platform::*;
use serde::{de::DeserializeOwned, Serialize};
use serde_json::{json, Result, Value};
use servicestack::{IRequest, IReturn};

fn ask<T: IRequest + IReturn + Serialize>(request: T, answer: &str) -> Result<(Value, T::Response)>
where
    T::Response: DeserializeOwned,
{
    let sent = json!([T::NAME, T::VERB, serde_json::to_string(&request)?]);
    Ok((sent, serde_json::from_str(answer)?))
}

pub fn run(answer: &str) -> Result<Value> {
    let request = GetConnectionsToContact {
        contact_id: "0193a1b2-5c6d-7e8f-9a0b-0000000000ff".to_string(),
        is_paged_mode: true,
        paged_model: PagedModel {
            sort_order: SortOrder::Descending,
            ..Default::default()
        },
        ..Default::default()
    };
    let (sent, answer) = ask(request, answer)?;
    let connections = answer.connections.unwrap_or_default();
    let second = &connections[1];
    let told = json!([
        second.contact.contact_full_name,
        second.allow_remove,
        second.from_date,
        connections.len()
    ]);
    Ok(json!([sent, told]))
}
