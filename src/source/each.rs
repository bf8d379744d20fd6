//! Work on many files: on several threads where they are many.

use rayon::prelude::*;

/// With fewer files than this a thread, with the memory that its allocator touches first, costs more than it saves.
const MANY: usize = 400;

/// What `work` makes of each file, in order.
pub fn each_file<I: Send, T: Send>(files: Vec<I>, work: impl Fn(I) -> T + Sync + Send) -> Vec<T> {
    if files.len() < MANY {
        files.into_iter().map(work).collect()
    } else {
        files.into_par_iter().map(work).collect()
    }
}
