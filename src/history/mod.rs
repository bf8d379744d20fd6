//! Replay: every migration in the order of the graph, every change at its moment.

mod deployment;
mod moment;
mod record;
mod replay;
mod session;

pub use deployment::*;
pub use moment::*;
pub use record::*;
pub use replay::*;
