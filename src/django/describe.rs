//! What an operation does, in Django's words: the line that `sqlmigrate` puts above its statements.

use std::sync::Arc;

use super::operation::{IndexBuild, LocatedOperation, Operation, RenamedIndex, Validation};
use super::project_state::{ModelIndex, ModelIndexKey};
use super::python::{Call, Static};

/// What stands in a description for what could not be read.
const UNKNOWN: &str = "?";

impl LocatedOperation {
    /// `Operation.describe()`, the same in Django 4.2 to 6.0; of a class that is not understood its name.
    pub fn describe(&self) -> String {
        match &self.operation {
            Operation::AddField {
                model_name, name, ..
            } => format!("Add field {name} to {model_name}"),
            Operation::RemoveField { model_name, name } => {
                format!("Remove field {name} from {model_name}")
            }
            Operation::AlterField {
                model_name, name, ..
            } => format!("Alter field {name} on {model_name}"),
            Operation::RenameField {
                model_name,
                old_name,
                new_name,
            } => format!("Rename field {old_name} on {model_name} to {new_name}"),
            Operation::RunSql { .. } => "Raw SQL operation".to_owned(),
            Operation::RunPython { .. } => "Raw Python operation".to_owned(),
            Operation::SeparateDatabaseAndState { .. } => {
                "Custom state/database change combination".to_owned()
            }
            Operation::Conditional { operation, .. } => operation.describe(),
            Operation::NotAnalysed { .. } => self.class.to_string(),
            of_model => describe_of_model(of_model)
                .or_else(|| describe_of_index(of_model))
                .or_else(|| describe_of_part(of_model))
                .unwrap_or_else(|| self.class.to_string()),
        }
    }
}

/// Of operations on a whole model.
fn describe_of_model(operation: &Operation) -> Option<String> {
    Some(match operation {
        Operation::CreateModel(create) => {
            let is_proxy = matches!(create.options.proxy, Ok(true));
            format!(
                "Create {}model {}",
                if is_proxy { "proxy " } else { "" },
                create.name
            )
        }
        Operation::DeleteModel { name } => format!("Delete model {name}"),
        Operation::RenameModel { old_name, new_name } => {
            format!("Rename model {old_name} to {new_name}")
        }
        Operation::AlterModelTable { name, table } => {
            let table = named_or(table, "(default)");
            format!("Rename table for {name} to {table}")
        }
        Operation::AlterModelTableComment { name, .. } => format!("Alter {name} table comment"),
        Operation::AlterUniqueTogether {
            name,
            unique_together,
        } => together("unique_together", name, unique_together),
        Operation::AlterIndexTogether {
            name,
            index_together,
        } => together("index_together", name, index_together),
        Operation::AlterOrderWithRespectTo {
            name,
            order_with_respect_to,
        } => {
            let field = named_or(order_with_respect_to, "None");
            format!("Set order_with_respect_to on {name} to {field}")
        }
        Operation::AlterModelOptions { name, .. } => format!("Change Meta options on {name}"),
        Operation::AlterModelManagers { name } => format!("Change managers on {name}"),
        _ => return None,
    })
}

/// Of operations on an index.
fn describe_of_index(operation: &Operation) -> Option<String> {
    Some(match operation {
        Operation::AddIndex {
            model_name,
            index,
            build,
        } => add_index(model_name, index, *build),
        Operation::RemoveIndex {
            model_name,
            name,
            build,
        } => match build {
            IndexBuild::Blocking => format!("Remove index {name} from {model_name}"),
            IndexBuild::Concurrently => {
                format!("Concurrently remove index {name} from {model_name}")
            }
        },
        Operation::RenameIndex {
            model_name,
            new_name,
            old,
        } => match old {
            RenamedIndex::Name(old) => format!("Rename index {old} on {model_name} to {new_name}"),
            RenamedIndex::Fields(fields) => format!(
                "Rename unnamed index for {} on {model_name} to {new_name}",
                tuple(fields)
            ),
        },
        _ => return None,
    })
}

/// Of operations on a constraint, an extension or a collation.
fn describe_of_part(operation: &Operation) -> Option<String> {
    Some(match operation {
        Operation::AddConstraint {
            model_name,
            constraint,
            validation,
        } => {
            let name = constraint.name.as_deref().unwrap_or(UNKNOWN);
            let not_valid = match validation {
                Validation::Validated => "",
                Validation::NotValid => "not valid ",
            };
            format!("Create {not_valid}constraint {name} on model {model_name}")
        }
        Operation::RemoveConstraint { model_name, name } => {
            format!("Remove constraint {name} from model {model_name}")
        }
        Operation::AlterConstraint {
            model_name, name, ..
        } => format!("Alter constraint {name} on {model_name}"),
        Operation::ValidateConstraint { model_name, name } => {
            format!("Validate constraint {name} on model {model_name}")
        }
        Operation::CreateExtension { name } => format!("Creates extension {name}"),
        Operation::CreateCollation(call) => format!("Create collation {}", first_name(call)),
        Operation::RemoveCollation(call) => format!("Remove collation {}", first_name(call)),
        _ => return None,
    })
}

fn together<T: Ord>(option: &str, model: &str, value: &Static<Vec<T>>) -> String {
    let count = match value {
        // Django keeps a set.
        Ok(tuples) => {
            let distinct: std::collections::BTreeSet<&T> = tuples.iter().collect();
            distinct.len().to_string()
        }
        Err(_) => UNKNOWN.to_owned(),
    };
    format!("Alter {option} for {model} ({count} constraint(s))")
}

fn add_index(model: &str, index: &ModelIndex, build: IndexBuild) -> String {
    let name = named_or(&index.name, "");
    let keys = index.keys.as_deref().unwrap_or_default();
    let is_expression = |key: &ModelIndexKey| matches!(key, ModelIndexKey::Expression(_));
    if build == IndexBuild::Blocking && keys.iter().any(is_expression) {
        return format!("Create index {name} on expressions on model {model}");
    }
    let fields: Vec<String> = keys
        .iter()
        .filter_map(|key| match key {
            ModelIndexKey::Field { name, descending } => {
                Some(format!("{}{name}", if *descending { "-" } else { "" }))
            }
            ModelIndexKey::Expression(_) => None,
        })
        .collect();
    let create = match build {
        IndexBuild::Blocking => "Create",
        IndexBuild::Concurrently => "Concurrently create",
    };
    format!(
        "{create} index {name} on field(s) {} of model {model}",
        fields.join(", ")
    )
}

/// A name, or what stands for none.
fn named_or<'a>(name: &'a Static<Option<Arc<str>>>, none: &'a str) -> &'a str {
    match name {
        Ok(Some(name)) => name,
        Ok(None) => none,
        Err(_) => UNKNOWN,
    }
}

/// As Python prints a tuple of strings.
fn tuple(fields: &[Arc<str>]) -> String {
    let quoted: Vec<String> = fields.iter().map(|field| format!("'{field}'")).collect();
    match quoted.as_slice() {
        [one] => format!("({one},)"),
        several => format!("({})", several.join(", ")),
    }
}

fn first_name(call: &Call) -> &str {
    let named = call
        .keywords
        .iter()
        .find(|(keyword, _)| &**keyword == "name");
    let value = named.map(|(_, value)| value).or(call.arguments.first());
    value.and_then(|value| value.as_str()).unwrap_or(UNKNOWN)
}
