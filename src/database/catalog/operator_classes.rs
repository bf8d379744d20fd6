//! Operator classes by their number.

use std::collections::{HashMap, HashSet};

use super::{Load, collations};
use crate::database::Session;
use crate::schema::WrittenName;

pub(super) struct OperatorClasses {
    by_oid: HashMap<u32, OperatorClass>,
    /// Types that have a default of their own for an access method.
    defaults: HashSet<(u32, u32)>,
}

struct OperatorClass {
    name: WrittenName,
    is_default: bool,
    input_type: u32,
    method: u32,
}

impl OperatorClasses {
    pub(super) fn read(session: &mut Session) -> Load<Self> {
        let mut by_oid = HashMap::new();
        let mut defaults = HashSet::new();
        for row in session.rows(include_str!("queries/operator_classes.sql"))? {
            let found = OperatorClass {
                name: collations::name(&row)?,
                is_default: row.flag(4)?,
                input_type: row.number(5)?,
                method: row.number(6)?,
            };
            if found.is_default {
                defaults.insert((found.method, found.input_type));
            }
            by_oid.insert(row.number(0)?, found);
        }
        Ok(Self { by_oid, defaults })
    }

    /// What a statement must write to have it for a column of this type: nothing for the default
    /// (`get_opclass_name` in `ruleutils.c`). A type without a default of its own takes that of another one.
    pub(super) fn written(&self, oid: u32, type_oid: u32) -> Option<WrittenName> {
        let found = self.by_oid.get(&oid)?;
        let other_is_default =
            found.input_type != type_oid && self.defaults.contains(&(found.method, type_oid));
        (!found.is_default || other_is_default).then(|| found.name.clone())
    }
}
