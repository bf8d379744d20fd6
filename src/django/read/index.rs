//! Items of `Meta.indexes`, and the index of an AddIndex.

use std::sync::Arc;

use super::signature::{keyword, texts};
use crate::django::ancestry::{ancestry, inherited};
use crate::django::field::optional_text;
use crate::django::names::MAX_INDEX_NAME_LENGTH;
use crate::django::project_state::{IndexKind, ModelIndex, ModelIndexKey};
use crate::django::python::Ancestor;
use crate::django::python::{Call, DottedName, Static, Value, ValueKind};
use crate::schema::Why;

/// The index that a value constructs; `None` where it constructs nothing that can be read.
pub(in crate::django) fn read_index(value: &Value) -> Static<ModelIndex> {
    let ValueKind::Call(call) = &value.kind else {
        return Err(value
            .why_unknown()
            .cloned()
            .unwrap_or_else(|| Why::new("the index is not constructed where it stands")));
    };
    let list = |name: &str| match keyword(call, name)? {
        Some(value) => texts(value, name),
        None => Ok(Vec::new()),
    };
    let optional = |name: &str| match keyword(call, name)? {
        Some(value) => optional_text(value, name),
        None => Ok(None),
    };
    let condition = match keyword(call, "condition") {
        Ok(value) => value.filter(|value| !value.is_none()).cloned(),
        Err(why) => Some(Value::unknown(why, value.origin.clone())),
    };
    Ok(ModelIndex {
        name: optional("name").map(|name| name.filter(|name| !name.is_empty())),
        kind: index_kind(&call.callee),
        keys: keys(call),
        opclasses: list("opclasses"),
        condition,
        include: list("include"),
        db_tablespace: optional("db_tablespace"),
        call: Arc::clone(call),
        origin: value.origin.clone(),
    })
}

fn keys(call: &Call) -> Static<Vec<ModelIndexKey>> {
    if let Some(why) = &call.unknown_arguments {
        return Err(why.clone());
    }
    if !call.arguments.is_empty() {
        let expressions = call.arguments.iter().cloned();
        return Ok(expressions.map(ModelIndexKey::Expression).collect());
    }
    let Some(fields) = keyword(call, "fields")? else {
        return Ok(Vec::new());
    };
    let key = |name: Arc<str>| match name.strip_prefix('-') {
        Some(bare) => ModelIndexKey::Field {
            name: bare.into(),
            descending: true,
        },
        None => ModelIndexKey::Field {
            name,
            descending: false,
        },
    };
    Ok(texts(fields, "fields")?.into_iter().map(key).collect())
}

fn index_kind(callee: &Value) -> Static<IndexKind> {
    match &callee.kind {
        ValueKind::Name(name) => named_kind(name.as_str())
            .ok_or_else(|| Why::new(format!("the index class `{name}` is not known"))),
        ValueKind::Class(class) => {
            let ancestors = ancestry(class);
            if inherited(&ancestors, "create_sql").is_some() {
                return Err(Why::new(format!("`{}` overrides `create_sql`", class.name)));
            }
            ancestors
                .iter()
                .find_map(|ancestor| match ancestor {
                    Ancestor::Name(name) => named_kind(name.as_str()),
                    Ancestor::Class(_) | Ancestor::Unknown(_) => None,
                })
                .ok_or_else(|| {
                    Why::new(format!("no base of `{}` is an index of Django", class.name))
                })
        }
        ValueKind::Unknown(why) => Err(why.clone()),
        _ => Err(Why::new("the class of the index is not followed")),
    }
}

fn named_kind(path: &str) -> Option<IndexKind> {
    let (module, class) = path.rsplit_once('.')?;
    match (module, class) {
        ("django.db.models", "Index") => Some(IndexKind::BTree),
        ("django.contrib.postgres.indexes", class) => match class {
            "BTreeIndex" => Some(IndexKind::BTree),
            "HashIndex" => Some(IndexKind::Hash),
            "GinIndex" => Some(IndexKind::Gin),
            "GistIndex" => Some(IndexKind::Gist),
            "SpGistIndex" => Some(IndexKind::SpGist),
            "BrinIndex" => Some(IndexKind::Brin),
            "BloomIndex" => Some(IndexKind::Bloom),
            _ => None,
        },
        _ => None,
    }
}

impl ModelIndex {
    /// The longest name that the system check (models.E034) allows it in a model, in characters. The classes of
    /// `django.contrib.postgres` add what their suffix has more than `idx` (`PostgresIndex.max_name_length`);
    /// `None` for a class whose own limit was not read.
    pub fn max_name_length(&self) -> Option<usize> {
        if let ValueKind::Class(class) = &self.call.callee.kind {
            let ancestors = ancestry(class);
            let own = |name| inherited(&ancestors, name).is_some();
            if own("max_name_length") || own("suffix") {
                return None;
            }
        }
        let suffix = self.kind.as_ref().ok()?.name_suffix(&self.call);
        let idx = IndexKind::BTREE_SUFFIX.len();
        Some(MAX_INDEX_NAME_LENGTH - idx + suffix.len())
    }
}

impl IndexKind {
    const BTREE_SUFFIX: &str = "idx";

    /// `Index.suffix`, the end of generated names (`django/contrib/postgres/indexes.py`); a plain index and a
    /// `BTreeIndex` differ.
    pub fn name_suffix(self, call: &Call) -> &'static str {
        let is_btree_index = |name: &DottedName| name.last() == "BTreeIndex";
        let is_postgres_btree = match &call.callee.kind {
            ValueKind::Name(name) => is_btree_index(name),
            ValueKind::Class(class) => ancestry(class)
                .iter()
                .any(|ancestor| matches!(ancestor, Ancestor::Name(name) if is_btree_index(name))),
            _ => false,
        };
        match self {
            Self::BTree if is_postgres_btree => "btree",
            Self::BTree => Self::BTREE_SUFFIX,
            Self::Hash => "hash",
            Self::Gin => "gin",
            Self::Gist => "gist",
            Self::SpGist => "spgist",
            Self::Brin => "brin",
            Self::Bloom => "bloom",
        }
    }
}
