//! The operations that need no more than their arguments: names, options, indexes, constraints.

use std::sync::Arc;

use super::constraint::read_constraint;
use super::index::read_index;
use super::options::{read_options, read_together};
use super::signature::{argument, keyword, required, required_text, text, texts};
use super::sql::read_code;
use crate::django::field::{optional_text, truth};
use crate::django::operation::{IndexBuild, Operation, RenamedIndex, RunPythonCode, Validation};
use crate::django::python::{Call, Static, Value};
use crate::schema::Why;

/// The classes that stand for one extension each (`django/contrib/postgres/operations.py`).
pub(super) fn extension(class: &str) -> Option<&'static str> {
    Some(match class {
        "BloomExtension" => "bloom",
        "BtreeGinExtension" => "btree_gin",
        "BtreeGistExtension" => "btree_gist",
        "CITextExtension" => "citext",
        "CryptoExtension" => "pgcrypto",
        "HStoreExtension" => "hstore",
        "TrigramExtension" => "pg_trgm",
        "UnaccentExtension" => "unaccent",
        _ => return None,
    })
}

pub(super) fn named(class: &str, call: &Call) -> Static<Operation> {
    Ok(match class {
        "DeleteModel" => Operation::DeleteModel {
            name: required_text(call, 0, "name")?,
        },
        "RenameModel" => Operation::RenameModel {
            old_name: required_text(call, 0, "old_name")?,
            new_name: required_text(call, 1, "new_name")?,
        },
        "RemoveField" => Operation::RemoveField {
            model_name: required_text(call, 0, "model_name")?,
            name: required_text(call, 1, "name")?,
        },
        _ => Operation::RenameField {
            model_name: required_text(call, 0, "model_name")?,
            old_name: required_text(call, 1, "old_name")?,
            new_name: required_text(call, 2, "new_name")?,
        },
    })
}

pub(super) fn option_operation(class: &str, call: &Call) -> Static<Operation> {
    let name = required_text(call, 0, "name")?;
    let optional =
        |option: &str| required(call, 1, option).and_then(|value| optional_text(value, option));
    let together =
        |option: &str| required(call, 1, option).and_then(|value| read_together(value, option));
    Ok(match class {
        "AlterModelTable" => Operation::AlterModelTable {
            name,
            table: optional("table"),
        },
        "AlterModelTableComment" => Operation::AlterModelTableComment {
            name,
            table_comment: optional("table_comment"),
        },
        "AlterUniqueTogether" => Operation::AlterUniqueTogether {
            name,
            unique_together: together("unique_together"),
        },
        "AlterIndexTogether" => Operation::AlterIndexTogether {
            name,
            index_together: together("index_together"),
        },
        "AlterOrderWithRespectTo" => Operation::AlterOrderWithRespectTo {
            name,
            order_with_respect_to: optional("order_with_respect_to"),
        },
        "AlterModelOptions" => Operation::AlterModelOptions {
            name,
            managed: match required(call, 1, "options") {
                Ok(options) => read_options(&Some(options)).managed,
                Err(why) => Err(why),
            },
        },
        _ => Operation::AlterModelManagers { name },
    })
}

pub(super) fn index_operation(class: &str, call: &Call) -> Static<Operation> {
    let model_name = required_text(call, 0, "model_name")?;
    let build = if class.ends_with("Concurrently") {
        IndexBuild::Concurrently
    } else {
        IndexBuild::Blocking
    };
    Ok(match class {
        "AddIndex" | "AddIndexConcurrently" => Operation::AddIndex {
            model_name,
            index: Arc::new(read_index(required(call, 1, "index")?)?),
            build,
        },
        "RemoveIndex" | "RemoveIndexConcurrently" => Operation::RemoveIndex {
            model_name,
            name: required_text(call, 1, "name")?,
            build,
        },
        _ => {
            let given = |value: Option<&'_ Value>| value.filter(|value| !value.is_none()).cloned();
            let old_name = given(argument(call, 2, "old_name")?);
            let old_fields = given(argument(call, 3, "old_fields")?);
            Operation::RenameIndex {
                model_name,
                new_name: required_text(call, 1, "new_name")?,
                old: match (old_name, old_fields) {
                    (Some(name), _) => RenamedIndex::Name(text(&name, "old_name")?),
                    (None, Some(fields)) => RenamedIndex::Fields(texts(&fields, "old_fields")?),
                    (None, None) => {
                        return Err(Why::new("neither `old_name` nor `old_fields` is given"));
                    }
                },
            }
        }
    })
}

pub(super) fn constraint_operation(class: &str, call: &Call) -> Static<Operation> {
    let model_name = required_text(call, 0, "model_name")?;
    let constraint = |position: usize| -> Static<_> {
        Ok(Arc::new(read_constraint(required(
            call,
            position,
            "constraint",
        )?)?))
    };
    Ok(match class {
        "AddConstraint" => Operation::AddConstraint {
            model_name,
            constraint: constraint(1)?,
            validation: Validation::Validated,
        },
        "AddConstraintNotValid" => Operation::AddConstraint {
            model_name,
            constraint: constraint(1)?,
            validation: Validation::NotValid,
        },
        "RemoveConstraint" => Operation::RemoveConstraint {
            model_name,
            name: required_text(call, 1, "name")?,
        },
        "AlterConstraint" => Operation::AlterConstraint {
            model_name,
            name: required_text(call, 1, "name")?,
            constraint: constraint(2)?,
        },
        _ => Operation::ValidateConstraint {
            model_name,
            name: required_text(call, 1, "name")?,
        },
    })
}

pub(super) fn run_python(call: &Call) -> Operation {
    let code = match required(call, 0, "code") {
        Ok(value) => read_code(value),
        Err(why) => RunPythonCode::Unknown(why),
    };
    let reverse_code = match argument(call, 1, "reverse_code") {
        Ok(Some(value)) if value.is_none() => None,
        Ok(Some(value)) => Some(read_code(value)),
        Ok(None) => None,
        Err(why) => Some(RunPythonCode::Unknown(why)),
    };
    let atomic = match keyword(call, "atomic") {
        Ok(None) => Ok(None),
        Ok(Some(value)) if value.is_none() => Ok(None),
        Ok(Some(value)) => truth(value, "atomic").map(Some),
        Err(why) => Err(why),
    };
    Operation::RunPython {
        code,
        reverse_code,
        atomic,
    }
}
