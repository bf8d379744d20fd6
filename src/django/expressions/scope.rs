//! What names mean in an expression: the fields of one model.

use std::sync::Arc;

use crate::django::project_state::{Field, FieldDetail, ModelKey, ProjectState};
use crate::django::python::Static;
use crate::django::version::DjangoVersion;
use crate::schema::{Lookup, Why};

/// The model that an expression belongs to, in a state.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    pub state: &'a ProjectState,
    pub model: &'a ModelKey,
    pub version: DjangoVersion,
}

/// A name of an expression: the column, the field whose type counts, and what follows the name.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub column: Arc<str>,
    /// For a foreign key the field that it points at.
    pub field: Arc<Field>,
    pub null: Static<bool>,
    /// Lookups and transforms: `["year", "gte"]`.
    pub rest: Vec<String>,
    /// The name is that of a foreign key, whose lookups are its own (`fields/related_lookups.py`).
    pub is_relation: bool,
}

impl Scope<'_> {
    /// Resolves `name__lookup` of a field of the model itself; other models cannot be reached here.
    pub(super) fn resolve(&self, path: &str) -> Static<Resolved> {
        let mut parts = path.split("__");
        let name = parts.next().unwrap_or_default();
        let mut rest = parts.map(str::to_owned).collect::<Vec<_>>();
        let (bound, field) = self.field(name)?;
        let column = field
            .column(&bound)?
            .ok_or_else(|| Why::new(format!("`{name}` has no column")))?;
        let null = field.null.clone();
        let mut typed = field;
        let mut is_relation = typed.kind.as_ref().is_ok_and(|kind| kind.is_foreign_key());
        while typed.kind.as_ref().is_ok_and(|kind| kind.is_foreign_key()) {
            let target = self.state.target_field(&typed)?;
            if rest
                .first()
                .is_some_and(|next| *next == *target.key.field || next == "pk")
            {
                rest.remove(0);
                is_relation = false;
            }
            typed = target.field;
        }
        if let FieldDetail::Generated { output, .. } = &typed.detail {
            typed = output.clone()?;
        }
        Ok(Resolved {
            column,
            field: typed,
            null,
            rest,
            is_relation,
        })
    }

    /// A field by its name, by its column attribute (`customer_id`), or as `pk`.
    fn field(&self, name: &str) -> Static<(Arc<str>, Arc<Field>)> {
        if name == "pk" {
            return self.state.primary_key(self.model);
        }
        let found = match self.state.find_field(self.model, name) {
            Lookup::Absent => name.strip_suffix("_id").map_or(Lookup::Absent, |relation| {
                self.state.find_field(self.model, relation)
            }),
            found => found,
        };
        match found {
            Lookup::Found(found) => Ok((found.key.field, found.field)),
            Lookup::Absent => Err(Why::new(format!("`{}` has no field `{name}`", self.model))),
            Lookup::Unsure(why) => Err(why),
        }
    }
}
