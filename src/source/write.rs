//! Writing files: whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Why a file could not be written; what was there is there still.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("cannot write {}: {source}; check the permissions of the file and its folder", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{} was changed since it was read; run the command again", path.display())]
    Changed { path: PathBuf },
    #[error("{} is there already; rename or remove it, then run the command again", path.display())]
    Exists { path: PathBuf },
}

/// Puts `after` in place of a file whose text still is `before`: at once, with the file's permissions, its
/// byte-order mark kept, and through a symbolic link.
///
/// # Errors
/// When the file has another text by now, or it or its folder cannot be written.
pub fn replace(path: &Path, before: &str, after: &str) -> Result<(), WriteError> {
    let io = |source| WriteError::Io {
        path: path.to_owned(),
        source,
    };
    let target = fs::canonicalize(path).map_err(io)?;
    let content = fs::read(&target).map_err(io)?;
    let text = String::from_utf8_lossy(&content);
    let (mark, text) = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => (BYTE_ORDER_MARK, rest),
        None => ("", &*text),
    };
    if text != before {
        return Err(WriteError::Changed {
            path: path.to_owned(),
        });
    }
    let permissions = fs::metadata(&target).map_err(io)?.permissions();
    beside(&target, &format!("{mark}{after}"), |scratch| {
        fs::set_permissions(scratch, permissions)?;
        fs::rename(scratch, &target)
    })
    .map_err(io)
}

/// Writes a file that must not be there yet.
///
/// # Errors
/// When it is there, or its folder is not or cannot be written.
pub fn create(path: &Path, text: &str) -> Result<(), WriteError> {
    // A link to the finished text is made in one step, and never over another file.
    let made = beside(path, text, |scratch| {
        fs::hard_link(scratch, path)?;
        fs::remove_file(scratch)
    });
    made.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => WriteError::Exists {
            path: path.to_owned(),
        },
        _ => WriteError::Io {
            path: path.to_owned(),
            source,
        },
    })
}

/// Removes a file that was written a moment ago, if it still has that text.
///
/// # Errors
/// When it has another text by now, or cannot be removed.
pub fn remove(path: &Path, text: &str) -> Result<(), WriteError> {
    let io = |source| WriteError::Io {
        path: path.to_owned(),
        source,
    };
    if fs::read(path).map_err(io)? != text.as_bytes() {
        return Err(WriteError::Changed {
            path: path.to_owned(),
        });
    }
    fs::remove_file(path).map_err(io)
}

/// Writes a scratch file in the same folder, and lets it be put into its place; nothing of it stays when that fails.
fn beside(
    target: &Path,
    text: &str,
    place: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<()> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let scratch = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = fs::File::create(&scratch)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| place(&scratch));
    if written.is_err() {
        // The reason to tell is the first one.
        drop(fs::remove_file(&scratch));
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{WriteError, create, replace};

    #[test]
    fn a_file_is_replaced_only_while_it_is_as_it_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("models.py");
        std::fs::write(&path, "\u{feff}old").unwrap();
        assert!(matches!(
            replace(&path, "older", "new"),
            Err(WriteError::Changed { .. })
        ));
        replace(&path, "old", "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "\u{feff}new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_are_kept() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("real.py"), folder.path().join("link.py"));
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace(&link, "old", "new").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }

    #[test]
    fn a_new_file_is_never_written_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0029_repair.py");
        create(&path, "one").unwrap();
        assert!(matches!(
            create(&path, "two"),
            Err(WriteError::Exists { .. })
        ));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
