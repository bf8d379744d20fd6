//! Replay: every migration in the order of the graph, every change at its moment.

mod deployment;
mod moment;
mod record;
mod replay;
mod running_code;
mod session;
mod transaction;

pub use deployment::*;
pub use moment::*;
pub use record::*;
pub use replay::*;
pub use transaction::*;
