//! Operations of `django.contrib.postgres`: extensions and collations.

use super::SchemaEditor;
use crate::django::expressions::quote_name;
use crate::django::operation::Operation;
use crate::django::python::{Call, Static, Value, ValueKind};
use crate::schema::{Identifier, Lookup, Why};

impl SchemaEditor<'_> {
    pub(super) fn postgres_operation(&mut self, operation: &Operation) {
        match operation {
            Operation::CreateExtension { name } => {
                let known = self.database.catalog().extension(&Identifier::quoted(name));
                if !known.is_found() {
                    let name = quote_name(name);
                    self.execute(&format!("CREATE EXTENSION IF NOT EXISTS {name}"));
                }
            }
            Operation::CreateCollation(call) => {
                let text = self.holes.or_hole(create_collation(call));
                self.execute(&text);
            }
            Operation::RemoveCollation(call) => {
                let text = self.holes.or_hole(drop_collation(call));
                self.execute(&text);
            }
            _ => {}
        }
    }

    /// The same rolled back: an extension goes only when it is there.
    pub(super) fn postgres_backwards(&mut self, operation: &Operation) {
        let text = match operation {
            Operation::CreateExtension { name } => {
                let known = self.database.catalog().extension(&Identifier::quoted(name));
                if matches!(known, Lookup::Absent) {
                    return;
                }
                Ok(format!("DROP EXTENSION IF EXISTS {}", quote_name(name)))
            }
            Operation::CreateCollation(call) => drop_collation(call),
            Operation::RemoveCollation(call) => create_collation(call),
            _ => return,
        };
        let text = self.holes.or_hole(text);
        self.execute(&text);
    }
}

/// `CollationOperation.create_collation`.
fn create_collation(call: &Call) -> Static<String> {
    let name = collation_name(call)?;
    let mut options = vec![format!("locale={}", quote_name(text(call, 1, "locale")?))];
    if call.keyword("provider").is_some() {
        let provider = text(call, 2, "provider")?;
        if provider != "libc" {
            options.push(format!("provider={}", quote_name(provider)));
        }
    }
    let deterministic = call.keyword("deterministic").map(|value| &value.kind);
    if let Some(ValueKind::Bool(false)) = deterministic {
        options.push("deterministic=false".to_owned());
    }
    Ok(format!("CREATE COLLATION {name} ({})", options.join(", ")))
}

fn drop_collation(call: &Call) -> Static<String> {
    collation_name(call).map(|name| format!("DROP COLLATION {name}"))
}

fn collation_name(call: &Call) -> Static<String> {
    text(call, 0, "name").map(quote_name)
}

fn text<'a>(call: &'a Call, position: usize, name: &str) -> Static<&'a str> {
    call.argument(position, name)
        .and_then(Value::as_str)
        .ok_or_else(|| Why::new(format!("`{name}` of the collation cannot be read")))
}
