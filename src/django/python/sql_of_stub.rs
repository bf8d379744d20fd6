//! stand-in
use super::{FunctionDefinition, Python, Static, Text};
use crate::schema::Why;
pub enum FunctionSql {
    OrmOnly,
    Sends(Vec<Static<Text>>),
    Unknown(Why),
}
impl Python {
    pub fn sql_of(&self, _: &FunctionDefinition) -> FunctionSql {
        FunctionSql::OrmOnly
    }
}
