//! Constraints: added NOT VALID, their violators counted, then validated.

use std::collections::BTreeMap;

use super::Remedy;
use crate::drift::{Cause, Choices};
use crate::repair::{Probe, Repair, Safety, Step, validated_later};
use crate::schema::{
    Change, Check, Constraint, ConstraintDefinition, ConstraintKind, Deferral, DropBehavior, Expr,
    ForeignKey, Identifier, IfExists, IndexDefinition, IndexKey, Key, KeyKind, RelationName,
    TableDifference, Uniqueness, Validity, WrittenName,
};
use crate::sql;

impl Remedy<'_> {
    pub(super) fn constraint(&self, part: &TableDifference) -> Vec<Repair> {
        let repair = match part {
            TableDifference::MissingConstraint(name, constraint) => {
                let added = self.added(name, constraint);
                Some(self.declared(name, added))
            }
            TableDifference::ExtraConstraint(name, constraint) => Some(self.drops(
                "drop-constraint",
                format!("Drop the {} `{name}`", constraint.kind.term()),
                self.drop_constraint(name),
            )),
            TableDifference::Constraint { name, expected, .. } => {
                Some(self.restores(self.replaced(name, expected)))
            }
            TableDifference::ConstraintName { expected, actual } => {
                Some(self.restores(Repair::new(
                    "rename-constraint",
                    format!("Rename the constraint `{actual}` to `{expected}`"),
                    vec![self.rename(actual, expected)],
                )))
            }
            TableDifference::NotValidated(name, constraint) => {
                Some(self.restores(self.validated(name, constraint)))
            }
            TableDifference::Deferral { name, expected, .. } => Some(self.restores(Repair::new(
                "alter-constraint",
                format!("Check `{name}` when its migration says"),
                vec![Step::Run(Change::AlterConstraint {
                    table: self.written(),
                    constraint: name.clone(),
                    deferral: *expected,
                })],
            ))),
            _ => None,
        };
        repair.into_iter().collect()
    }

    fn added(&self, name: &Identifier, constraint: &Constraint) -> Repair {
        let title = format!("Add the {} `{name}`", constraint.kind.term());
        Repair::new("add-constraint", title, self.add(name, constraint))
    }

    fn replaced(&self, name: &Identifier, expected: &Constraint) -> Repair {
        let mut steps = vec![Step::Run(self.drop_constraint(name))];
        steps.extend(self.add(name, expected));
        let term = expected.kind.term();
        let title = format!("Make `{name}` the {term} that its migration made");
        Repair::new("replace-constraint", title, steps)
    }

    fn validated(&self, name: &Identifier, constraint: &Constraint) -> Repair {
        let mut steps = self.probe(constraint);
        steps.push(self.validate(name));
        let title = format!("Validate the {} `{name}`", constraint.kind.term());
        Repair::new("validate-constraint", title, steps)
    }

    fn rename(&self, from: &Identifier, to: &Identifier) -> Step {
        Step::Run(Change::RenameConstraint {
            table: self.written(),
            constraint: from.clone(),
            to: to.clone(),
        })
    }

    fn validate(&self, name: &Identifier) -> Step {
        Step::Run(Change::ValidateConstraint {
            table: self.written(),
            constraint: name.clone(),
        })
    }

    fn drop_constraint(&self, name: &Identifier) -> Change {
        Change::DropConstraint {
            table: self.written(),
            constraint: name.clone(),
            if_exists: IfExists::No,
            behavior: DropBehavior::Restrict,
        }
    }

    /// The steps that add a constraint while reads and writes go on.
    fn add(&self, name: &Identifier, constraint: &Constraint) -> Vec<Step> {
        match &constraint.kind {
            ConstraintKind::Check(_) | ConstraintKind::ForeignKey(_) => {
                let mut steps = self.probe(constraint);
                if constraint.validity == Validity::Valid {
                    let kind = constraint.kind.written(|name| WrittenName::from(name));
                    let deferral = constraint.deferral;
                    steps.extend(validated_later(self.table.name, name, kind, deferral));
                } else {
                    steps.push(self.add_as(name, constraint, Validity::NotValid));
                }
                steps
            }
            ConstraintKind::PrimaryKey(key) => {
                self.add_key(name, key, (KeyKind::PrimaryKey, constraint.deferral))
            }
            ConstraintKind::Unique(key) => {
                self.add_key(name, key, (KeyKind::Unique, constraint.deferral))
            }
            ConstraintKind::Exclusion(_) => {
                vec![self.add_as(name, constraint, Validity::Valid)]
            }
        }
    }

    fn add_as(&self, name: &Identifier, constraint: &Constraint, validity: Validity) -> Step {
        Step::Run(Change::AddConstraint {
            table: self.written(),
            constraint: ConstraintDefinition {
                name: Some(name.clone()),
                kind: constraint.kind.written(|name| WrittenName::from(name)),
                validity,
                deferral: constraint.deferral,
            },
        })
    }

    /// The index first, concurrently; then it is made the constraint's.
    fn add_key(
        &self,
        name: &Identifier,
        key: &Key,
        (kind, deferral): (KeyKind, Deferral),
    ) -> Vec<Step> {
        let definition = IndexDefinition {
            uniqueness: Uniqueness::Unique(key.nulls),
            method: Identifier::quoted("btree"),
            keys: key.columns.iter().cloned().map(IndexKey::column).collect(),
            include: key.include.clone(),
            predicate: None,
            parameters: BTreeMap::new(),
            tablespace: None,
        };
        vec![
            self.create_index(name, &definition),
            Step::Run(Change::AddConstraintUsingIndex {
                table: self.written(),
                name: Some(name.clone()),
                index: name.clone(),
                key: kind,
                deferral,
            }),
        ]
    }

    /// Counts the rows that a CHECK or a foreign key refuses.
    fn probe(&self, constraint: &Constraint) -> Vec<Step> {
        let probe = match &constraint.kind {
            ConstraintKind::Check(check) => check.condition.text().map(|condition| Probe {
                table: self.table.name.clone(),
                violators: format!("NOT ({condition})"),
                shown: check.condition.columns().cloned().collect(),
                what: format!("the CHECK ({condition}) does not hold"),
            }),
            ConstraintKind::ForeignKey(key) => Some(self.orphans(key)),
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Exclusion(_) => None,
        };
        probe.map(Step::Probe).into_iter().collect()
    }

    /// Rows without their parent. A key with a NULL in it is not looked at (MATCH SIMPLE).
    fn orphans(&self, key: &ForeignKey<RelationName>) -> Probe {
        let parent = format!(
            "{}.{}",
            key.references.schema.to_sql(),
            key.references.name.to_sql()
        );
        let given: Vec<String> = key
            .columns
            .iter()
            .map(|column| format!("{} IS NOT NULL", column.to_sql()))
            .collect();
        let own: Vec<String> = key.columns.iter().map(Identifier::to_sql).collect();
        let referenced: Vec<String> = key
            .referenced_columns
            .iter()
            .map(|column| format!("parent.{}", column.to_sql()))
            .collect();
        // A NULL among the parents would hide every orphan from NOT IN.
        let whole: Vec<String> = referenced
            .iter()
            .map(|column| format!("{column} IS NOT NULL"))
            .collect();
        Probe {
            table: self.table.name.clone(),
            violators: format!(
                "{} AND ({}) NOT IN (SELECT {} FROM {parent} AS parent WHERE {})",
                given.join(" AND "),
                own.join(", "),
                referenced.join(", "),
                whole.join(" AND ")
            ),
            shown: key.columns.clone(),
            what: format!("no row of `{}` is its parent", key.references),
        }
    }

    /// A CHECK that lists what the choices offer; where the migrations made it otherwise, that is its own difference.
    pub(super) fn choices(&self, choices: &Choices) -> Vec<Repair> {
        let name = &choices.constraint;
        let sides = self.table.sides;
        let recorded = sides.recorded.constraint(self.table.name, name).found();
        if let (Cause::Diverged(_), Some(recorded)) = (&self.difference.cause, recorded) {
            let added = self.add(name, recorded);
            let mut steps = vec![Step::Run(self.drop_constraint(name))];
            steps.extend(added);
            return vec![self.restores(Repair::new(
                "replace-constraint",
                format!("Make `{name}` the CHECK that its migration made"),
                steps,
            ))];
        }
        self.widened(choices).into_iter().collect()
    }

    /// The old values and the new ones: rows that hold what no choice offers any more stay as they are.
    fn widened(&self, choices: &Choices) -> Option<Repair> {
        if choices.refused.is_empty() {
            return None;
        }
        let name = &choices.constraint;
        let sides = self.table.sides;
        let now = sides.database.constraint(self.table.name, name).found()?;
        let ConstraintKind::Check(check) = &now.kind else {
            return None;
        };
        let added: Vec<String> = choices
            .refused
            .iter()
            .map(|value| format!("'{}'", value.replace('\'', "''")))
            .collect();
        let condition = format!(
            "({}) OR {} IN ({})",
            check.condition.text()?,
            choices.column.to_sql(),
            added.join(", ")
        );
        let condition = sql::expression(&condition);
        if matches!(condition, Expr::Unknown(_)) {
            return None;
        }
        let kind = ConstraintKind::Check(Check { condition });
        let wider = Constraint {
            kind,
            ..now.clone()
        };
        let new = Identifier::quoted(&format!("{name}_wider"));
        let repair = Repair::new(
            "widen-check",
            format!("Let the CHECK `{name}` hold what the choices offer"),
            vec![
                self.add_as(&new, &wider, Validity::NotValid),
                self.validate(&new),
                Step::Run(self.drop_constraint(name)),
                self.rename(&new, name),
            ],
        );
        Some(self.evolves(repair.of_safety(Safety::Safe)))
    }
}
