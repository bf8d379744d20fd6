//! Replay: every migration in the order of the graph, every change at its moment.

mod moment;

pub use moment::*;
