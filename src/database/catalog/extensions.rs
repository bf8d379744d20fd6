//! Extensions; what they own is not read.

use super::Load;
use crate::database::Session;
use crate::schema::{Assembly, Identifier};

pub(super) fn load(session: &mut Session, assembly: &mut Assembly) -> Load {
    for row in session.rows(include_str!("queries/extensions.sql"))? {
        assembly.extension(Identifier::quoted(row.text(0)?));
    }
    Ok(())
}
