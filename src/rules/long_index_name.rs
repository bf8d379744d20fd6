use super::page;
use crate::django::names::names_digest;
use crate::django::project_state::{ModelIndex, ModelState};
use crate::django::version::DjangoVersion;
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::repair::{
    DeliveryKind, PythonSource, Repair, Step, index_anew, rename_index, replaced_literal,
};
use crate::schema::{Change, Identifier, IfExists, RelationName, Schema, WrittenName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("long-index-name"),
    page: page!("long-index-name"),
    checks: &[Check::Model(check)],
};

fn check(model: &ModelState, context: &Context<'_>) -> Vec<Finding> {
    let Ok(indexes) = &model.options.indexes else {
        return Vec::new();
    };
    indexes
        .iter()
        .filter_map(|index| {
            let name = index.name.as_ref().ok()?.as_ref()?;
            let length = name.chars().count();
            let allowed = index.max_name_length()?;
            (length > allowed).then(|| {
                let finding = Finding::at(
                    index.origin.clone(),
                    format!(
                        "the index name `{name}` of model `{}` has {length} characters, Django allows \
                         {allowed}: its system check (models.E034) stops {}",
                        model.name,
                        stopped(context.history.django)
                    ),
                )
                .named(format!("{}.{name}", model.key))
                .help(format!(
                    "shorten the name to {allowed} characters here (no SQL is needed to end an outage), and bring the \
                     database along with `RenameIndex`"
                ));
                let long = LongName {
                    model,
                    index,
                    name,
                    allowed,
                };
                match long.repair(context) {
                    Some(repair) => finding.repaired_by(repair),
                    None => finding,
                }
            })
        })
        .collect()
}

/// Since 6.0 the check looks at indexes for a database at a time (`Model._check_indexes`), and so only where a command
/// names one.
fn stopped(django: DjangoVersion) -> &'static str {
    if django < DjangoVersion::V6_0 {
        "every process at start-up"
    } else {
        "`migrate`, and before Django 6.0 every process at start-up"
    }
}

struct LongName<'a> {
    model: &'a ModelState,
    index: &'a ModelIndex,
    name: &'a str,
    allowed: usize,
}

impl LongName<'_> {
    /// The edit of the model ends the outage; the database and the migrations' state follow where they have the name.
    fn repair(&self, context: &Context<'_>) -> Option<Repair> {
        let history = context.history;
        let table = self.model.own_table_name().ok()?;
        let table = WrittenName::bare(Identifier::quoted(&table));
        let table = history.end.resolve(&table);
        let old = table.sibling(Identifier::quoted(self.name));
        let new = self.shorter(&table, &history.end)?;
        let edit = replaced_literal(self.index.call.keyword("name")?, &new)?;
        let title = format!("Shorten the name of the index `{}` to `{new}`", self.name);
        let known = history.end_state.model(&self.model.key);
        let is_in_state = known.is_some_and(|known| known.has_index(self.name));
        if !is_in_state || !history.end.index_named(&old).is_found() {
            return Some(Repair::new("shorten-name", title, vec![edit]));
        }
        let rename = Step::Run(Change::RenameIndex {
            index: WrittenName::from(&old),
            to: Identifier::quoted(&new),
            if_exists: IfExists::No,
        });
        let state_operations = self.in_state(&new, history.django)?;
        Some(
            Repair::new("shorten-name", title, vec![edit, rename]).delivered(
                &self.model.key.app_label,
                DeliveryKind::Evolves { state_operations },
            ),
        )
    }

    /// The beginning of the name with some digits of its hash, as many as it takes to be the only one of its kind.
    fn shorter(&self, table: &RelationName, schema: &Schema) -> Option<String> {
        let mut lengths = 4..=8;
        lengths.find_map(|digits| {
            let kept: String = self.name.chars().take(self.allowed - digits).collect();
            let name = format!("{kept}{}", names_digest(&[self.name], digits));
            let taken = table.sibling(Identifier::quoted(&name));
            let is_free = !schema.relation_named(&taken).is_found() && !self.model.has_index(&name);
            is_free.then_some(name)
        })
    }

    fn in_state(&self, new: &str, django: DjangoVersion) -> Option<Vec<PythonSource>> {
        let model = &self.model.key.model_name;
        if django >= DjangoVersion::V4_1 {
            return Some(vec![rename_index(model, self.name, new)]);
        }
        let source = self.index.origin.file.slice(self.index.origin.span);
        index_anew(model, self.name, &source.replace(self.name, new))
    }
}
