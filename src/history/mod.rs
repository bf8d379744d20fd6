//! Replay: every migration in the order of the graph, every change at its moment.

mod choices;
mod deployment;
mod dump;
mod edited;
mod expected;
mod migration_run;
mod model_tables;
mod models_side;
mod moment;
mod named_objects;
mod perhaps;
mod record;
mod replay;
mod rollback;
mod running_code;
mod session;
mod transaction;
mod transcript;

pub use choices::*;
pub use deployment::*;
pub use dump::*;
pub use edited::difference;
pub use expected::expected;
pub use model_tables::*;
pub use models_side::*;
pub use moment::*;
pub use record::*;
pub use replay::*;
pub use transaction::*;
pub use transcript::{OperationTranscript, SentText, Transcript};
