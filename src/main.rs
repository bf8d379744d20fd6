//! Arguments in, exit code out.

/// Reading and replaying makes many small values on many threads: the system's allocator took a third of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use std::process::ExitCode;

fn main() -> ExitCode {
    hhschema::cli::run()
}
