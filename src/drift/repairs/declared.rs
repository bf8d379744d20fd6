//! What only the models ask for: the migration is written from the model's own source, else by `makemigrations`.

use super::Remedy;
use crate::drift::Cause;
use crate::repair::{DeliveryKind, PythonSource, Repair, Safety};
use crate::schema::Identifier;
use crate::source::Origin;

/// The names that stand in a source beside `models` for it to be written elsewhere as it is.
const IMPORT: &str = "from django.db import models";

impl Remedy<'_> {
    /// An index or a constraint: brought back as its migration made it, or declared by the model and in no migration yet.
    pub(super) fn declared(&self, name: &Identifier, repair: Repair) -> Repair {
        if matches!(self.difference.cause, Cause::Diverged(_)) {
            return self.restores(repair);
        }
        match self.state_operation(name) {
            Some(operation) => self.delivered(
                repair,
                DeliveryKind::Evolves {
                    state_operations: vec![operation],
                },
            ),
            None => makemigrations(),
        }
    }

    /// The operation that tells Django's state what the model's `Meta` declares under this name.
    fn state_operation(&self, name: &Identifier) -> Option<PythonSource> {
        let model = self.difference.model.as_ref()?;
        let is_it = |given: &str| Identifier::quoted(given) == *name;
        let index = model
            .options
            .indexes
            .iter()
            .flatten()
            .find(|index| matches!(&index.name, Ok(Some(given)) if is_it(given)));
        let constraint = model
            .options
            .constraints
            .iter()
            .flatten()
            .find(|constraint| matches!(&constraint.name, Ok(given) if is_it(given)));
        let (operation, argument, origin) = match (index, constraint) {
            (Some(index), _) => ("AddIndex", "index", &index.origin),
            (None, Some(constraint)) => ("AddConstraint", "constraint", &constraint.origin),
            (None, None) => return None,
        };
        let source = plain_source(origin)?;
        Some(PythonSource {
            text: format!(
                "migrations.{operation}(model_name={:?}, {argument}={source})",
                &*model.key.model_name
            ),
            imports: vec![IMPORT.to_owned()],
        })
    }
}

pub(super) fn makemigrations() -> Repair {
    Repair::new("makemigrations", "Run `makemigrations`", Vec::new()).of_safety(Safety::DisplayOnly)
}

/// The source of a construction that stands on `models` alone, and so means the same in a migration.
fn plain_source(origin: &Origin) -> Option<&str> {
    let text = origin.file.slice(origin.span);
    let mut rest = text;
    while let Some(at) = rest.find(|letter: char| letter.is_alphabetic() || "_\"'".contains(letter))
    {
        rest = rest.get(at..)?;
        let quote = rest.chars().next().filter(|first| "\"'".contains(*first));
        if let Some(quote) = quote {
            let end = rest.get(1..)?.find(quote)?;
            rest = rest.get(end + 2..)?;
            continue;
        }
        let end = rest
            .find(|letter: char| !letter.is_alphanumeric() && !"_.".contains(letter))
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        let is_keyword =
            after.trim_start().starts_with('=') && !after.trim_start().starts_with("==");
        let is_known = word.starts_with("models.") || ["True", "False", "None"].contains(&word);
        if !is_keyword && !is_known {
            return None;
        }
        rest = after;
    }
    (text.starts_with("models.")).then_some(text)
}
