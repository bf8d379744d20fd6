//! Items of `Meta.constraints`, and the constraint of an AddConstraint.

use std::sync::Arc;

use super::signature::{keyword, text, texts};
use crate::django::ancestry::{Ancestor, ancestry, inherited};
use crate::django::project_state::{Deferrable, ModelConstraint, ModelConstraintKind};
use crate::django::python::{Call, Static, Value, ValueKind};
use crate::schema::Why;

/// The constraint that a value constructs.
pub(in crate::django) fn read_constraint(value: &Value) -> Static<ModelConstraint> {
    let ValueKind::Call(call) = &value.kind else {
        return Err(value
            .why_unknown()
            .cloned()
            .unwrap_or_else(|| Why::new("the constraint is not constructed where it stands")));
    };
    let name = match keyword(call, "name") {
        Ok(Some(value)) => text(value, "name"),
        Ok(None) => Err(Why::new("the constraint has no name")),
        Err(why) => Err(why),
    };
    Ok(ModelConstraint {
        name,
        kind: constraint_kind(call, value),
        call: Arc::clone(call),
        origin: value.origin.clone(),
    })
}

fn constraint_kind(call: &Call, value: &Value) -> Static<ModelConstraintKind> {
    let class = class_name(&call.callee)?;
    match &*class {
        "django.db.models.CheckConstraint" => check(call),
        "django.db.models.UniqueConstraint" => unique(call, value),
        "django.contrib.postgres.constraints.ExclusionConstraint" => {
            Ok(ModelConstraintKind::Exclusion)
        }
        other => Err(Why::new(format!(
            "the constraint class `{other}` is not known"
        ))),
    }
}

/// Django's class at the end of the bases of the callee.
fn class_name(callee: &Value) -> Static<Arc<str>> {
    match &callee.kind {
        ValueKind::Name(name) => Ok(name.as_str().into()),
        ValueKind::Class(class) => {
            let ancestors = ancestry(class);
            let changed = ["__init__", "create_sql", "constraint_sql", "_get_check_sql"]
                .into_iter()
                .find(|method| inherited(&ancestors, method).is_some());
            if let Some(method) = changed {
                return Err(Why::new(format!("`{}` overrides `{method}`", class.name)));
            }
            ancestors
                .iter()
                .find_map(|ancestor| match ancestor {
                    Ancestor::Named(name) if name.as_str().starts_with("django.") => {
                        Some(name.as_str().into())
                    }
                    _ => None,
                })
                .ok_or_else(|| {
                    Why::new(format!(
                        "no base of `{}` is a constraint of Django",
                        class.name
                    ))
                })
        }
        ValueKind::Unknown(why) => Err(why.clone()),
        _ => Err(Why::new("the class of the constraint is not followed")),
    }
}

/// `condition=` since Django 5.1, `check=` until 5.2.
fn check(call: &Call) -> Static<ModelConstraintKind> {
    let condition = match keyword(call, "condition")? {
        Some(condition) => Some(condition),
        None => keyword(call, "check")?,
    };
    let condition = condition.ok_or_else(|| Why::new("the check has no condition"))?;
    Ok(ModelConstraintKind::Check {
        condition: condition.clone(),
    })
}

fn unique(call: &Call, value: &Value) -> Static<ModelConstraintKind> {
    if let Some(why) = &call.unknown_arguments {
        return Err(why.clone());
    }
    let list = |name: &str| match keyword(call, name)? {
        Some(value) => texts(value, name),
        None => Ok(Vec::new()),
    };
    let condition = match keyword(call, "condition") {
        Ok(given) => given.filter(|given| !given.is_none()).cloned(),
        Err(why) => Some(Value::unknown(why, value.origin.clone())),
    };
    Ok(ModelConstraintKind::Unique {
        fields: list("fields"),
        expressions: call.arguments.clone(),
        condition,
        include: list("include"),
        opclasses: list("opclasses"),
        deferrable: deferrable(call),
        nulls_distinct: nulls_distinct(call),
    })
}

fn deferrable(call: &Call) -> Static<Option<Deferrable>> {
    let Some(value) = keyword(call, "deferrable")? else {
        return Ok(None);
    };
    match &value.kind {
        ValueKind::None => Ok(None),
        ValueKind::Name(name) => match name.last() {
            "DEFERRED" => Ok(Some(Deferrable::Deferred)),
            "IMMEDIATE" => Ok(Some(Deferrable::Immediate)),
            _ => Err(Why::new(format!("`deferrable` is `{name}`"))),
        },
        _ => Err(Why::new("`deferrable` is not a constant of Django")),
    }
}

fn nulls_distinct(call: &Call) -> Static<Option<bool>> {
    match keyword(call, "nulls_distinct")?.map(|value| &value.kind) {
        None | Some(ValueKind::None) => Ok(None),
        Some(ValueKind::Bool(distinct)) => Ok(Some(*distinct)),
        Some(_) => Err(Why::new("`nulls_distinct` is not a constant")),
    }
}
