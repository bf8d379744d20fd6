//! What is checked out where a project lies: so that a comparison says what was compared.

use std::path::Path;

use super::git::Git;

/// The revision of the repository that a folder belongs to, in words: "3f2a9c1d0b4e on main, with edits that are not
/// committed". `None` where there is no repository, or git cannot be asked.
pub fn checked_out(folder: &Path) -> Option<String> {
    let status = Git::open(folder).ok()?.status().ok()?;
    let head = status.head?;
    let short = head.get(..12).unwrap_or(&head);
    let branch = status
        .branch
        .map_or_else(String::new, |branch| format!(" on {branch}"));
    let edits = if status.changed.is_empty() {
        ""
    } else {
        ", with edits that are not committed"
    };
    Some(format!("{short}{branch}{edits}"))
}
