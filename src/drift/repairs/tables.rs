//! Whole tables and views, and what stands on a column: as the recorded migrations made them.

use super::Remedy;
use super::declared::makemigrations;
use crate::drift::Cause;
use crate::repair::{Repair, Step};
use crate::schema::{
    Build, Change, Drop, DropBehavior, Identifier, IfExists, Relation, Schema, ViewKind,
    WrittenName, diff,
};

impl Remedy<'_> {
    pub(super) fn missing_relation(&self) -> Vec<Repair> {
        if !matches!(self.difference.cause, Cause::Diverged(_)) {
            return vec![makemigrations()];
        }
        let recorded = self.table.sides.recorded;
        let Some(relation) = recorded.relation_named(self.table.name).found() else {
            return Vec::new();
        };
        let drop = Drop {
            name: self.written(),
            if_exists: IfExists::No,
            behavior: DropBehavior::Cascade,
        };
        let (drop, what) = match relation {
            Relation::Table(_) => (Change::DropTable(drop), "table"),
            Relation::View(view) => {
                let kind = view.kind;
                (
                    Change::DropView { drop, kind },
                    match kind {
                        ViewKind::Plain => "view",
                        ViewKind::Materialized => "materialized view",
                    },
                )
            }
            Relation::Index(_) | Relation::Sequence(_) => return Vec::new(),
        };
        let steps = brought_back(recorded, &drop);
        let repair = Repair::new(
            "create-relation",
            format!(
                "Create the {what} `{}` as its migrations do",
                self.table.name
            ),
            steps,
        );
        vec![self.restores(if what == "table" {
            repair.warning("The rows that it held are not brought back.")
        } else {
            repair
        })]
    }

    /// The indexes and constraints that a column carried.
    pub(super) fn objects_on(&self, column: &Identifier) -> Vec<Step> {
        let recorded = self.table.sides.recorded;
        let dropped = Change::DropColumn {
            table: WrittenName::from(self.table.name),
            column: column.clone(),
            if_exists: IfExists::No,
            behavior: DropBehavior::Cascade,
        };
        let mut steps = brought_back(recorded, &dropped);
        steps.retain(|step| !matches!(step, Step::Run(Change::AddColumn { .. })));
        steps
    }
}

/// What makes a schema whole again after a drop.
fn brought_back(whole: &Schema, drop: &Change) -> Vec<Step> {
    let mut without = whole.clone();
    without.apply(drop);
    diff(&without, whole)
        .into_iter()
        .map(concurrently)
        .map(Step::Run)
        .collect()
}

/// The table may be in use by the time that its index is built.
fn concurrently(change: Change) -> Change {
    match change {
        Change::CreateIndex(mut create) => {
            create.build = Build::Concurrently;
            Change::CreateIndex(create)
        }
        other => other,
    }
}
