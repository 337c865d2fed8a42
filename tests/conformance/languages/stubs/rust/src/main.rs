//! Reads the recordings of a server as the types of its sources, and writes them again; then asks and tells.
#![deny(warnings)]

mod first_program;
mod forms;
mod hostile;
mod messages;
mod platform;

use serde::{de::DeserializeOwned, Serialize};
use serde_json::{json, Result};
use std::collections::HashMap;

pub fn again<T: DeserializeOwned + Serialize>(text: &str) -> Result<String> {
    serde_json::to_string(&serde_json::from_str::<T>(text)?)
}

fn main() -> Result<()> {
    let mut texts: HashMap<String, HashMap<String, String>> = serde_json::from_reader(std::io::stdin())?;
    let first = first_program::run(&texts["platform"]["GetConnectionsToContactResponse"])?;
    for (catalog, recordings) in texts.iter_mut() {
        for (name, text) in recordings.iter_mut() {
            *text = messages::again_as(catalog, name, text)?;
        }
    }
    println!("{}", json!([texts, first]));
    Ok(())
}
