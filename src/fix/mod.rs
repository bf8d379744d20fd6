//! The loop of a repair: findings, a choice among what would end each, a plan, its replay, and the findings that are
//! left; then what is written for it, and its trial on a server.

mod choose;
mod files;
mod replayed;
mod script;
mod verify;

pub use choose::*;
pub use files::*;
pub use replayed::*;
pub use script::*;
pub use verify::*;
