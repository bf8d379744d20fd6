//! Repairs as Django migrations: one for each app, which runs on a database that is broken, on one that had the
//! repair already, and on a fresh one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::postgres::TransactionBlock;
use crate::schema::Schema;

use super::plan::{
    Options, Plan, PlanError, Task, Tasks, Timeouts, Unit, UnitKind, compose, of_repairs,
};
use super::python_text::{Lines, imports, literal};
use super::quote::in_comment;
use super::{DeliveryKind, Names, PythonSource, Repair};

/// A migration that nothing depends on yet: what a new one of its app follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafMigration {
    pub app_label: Arc<str>,
    /// `0028_order_note`.
    pub name: String,
    /// The folder of the app's migrations.
    pub folder: PathBuf,
}

/// A migration to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationFile {
    pub app_label: Arc<str>,
    /// `0029_repair_set_default`.
    pub name: String,
    pub path: PathBuf,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrationError {
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(
        "no migration of the app `{app_label}` is known, so there is none that a new one could follow"
    )]
    NoLeaf { app_label: Arc<str> },
}

/// One `RunSQL`, with what Django's state takes along.
struct Operation {
    plan: Plan,
    /// None where it only restores what the migrations say already.
    evolves: Option<Vec<PythonSource>>,
}

/// The migrations that carry these repairs, one for each app, in order of the apps' labels. Repairs that no
/// migration carries are left out.
///
/// # Errors
/// Those of [`plan`](super::plan()), and an app without a leaf.
pub fn to_django(
    repairs: &[&Repair],
    before: &Schema,
    leaves: &[LeafMigration],
    options: &Options,
) -> Result<Vec<MigrationFile>, MigrationError> {
    let options = Options {
        names: Names::Bare,
        ..options.clone()
    };
    let delivered: Vec<&Repair> = repairs
        .iter()
        .copied()
        .filter(|repair| repair.delivery.is_some())
        .collect();
    let tasks = of_repairs(&delivered, before, &options)?;
    let mut apps: BTreeMap<&Arc<str>, Vec<Delivered<'_>>> = BTreeMap::new();
    for (repair, queue) in delivered.iter().zip(tasks.queues) {
        if let Some(delivery) = &repair.delivery {
            apps.entry(&delivery.app_label)
                .or_default()
                .push(Delivered {
                    repair,
                    kind: &delivery.kind,
                    queue,
                });
        }
    }
    let mut now = before.clone();
    let mut files = Vec::new();
    for (app_label, delivered) in apps {
        let names: Vec<&str> = delivered.iter().map(|one| one.repair.name).collect();
        let operations = operations(delivered, &mut now, &options)?;
        let frame = Frame::following(leaves, app_label, &names)?;
        files.push(frame.file(&operations, options.timeouts));
    }
    Ok(files)
}

struct Delivered<'a> {
    repair: &'a Repair,
    kind: &'a DeliveryKind,
    queue: std::collections::VecDeque<Task>,
}

/// What follows on one another and only restores is one operation; what evolves is one each, with its own state.
fn operations(
    delivered: Vec<Delivered<'_>>,
    now: &mut Schema,
    options: &Options,
) -> Result<Vec<Operation>, PlanError> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for one in delivered {
        let evolves = match one.kind {
            DeliveryKind::Restores => None,
            DeliveryKind::Evolves { state_operations } => Some(state_operations.clone()),
        };
        match groups.last_mut() {
            Some(group) if group.evolves.is_none() && evolves.is_none() => {
                group.repairs.push(one.repair);
                group.tasks.queues.push(one.queue);
            }
            _ => groups.push(Group {
                repairs: vec![one.repair],
                tasks: Tasks {
                    queues: vec![one.queue],
                    edits: Vec::new(),
                },
                evolves,
            }),
        }
    }
    let mut operations = Vec::new();
    for group in groups {
        let plan = compose(&group.repairs, group.tasks, (now, options))?;
        *now = plan.after.clone();
        operations.push(Operation {
            plan,
            evolves: group.evolves,
        });
    }
    Ok(operations)
}

/// Repairs that become one operation.
struct Group<'a> {
    repairs: Vec<&'a Repair>,
    tasks: Tasks,
    evolves: Option<Vec<PythonSource>>,
}

/// Name, place and dependencies of a new migration.
struct Frame {
    app_label: Arc<str>,
    name: String,
    folder: PathBuf,
    follows: Vec<String>,
}

impl Frame {
    fn following(
        leaves: &[LeafMigration],
        app_label: &Arc<str>,
        repairs: &[&str],
    ) -> Result<Self, MigrationError> {
        let own: Vec<&LeafMigration> = leaves
            .iter()
            .filter(|leaf| leaf.app_label == *app_label)
            .collect();
        let Some(first) = own.first() else {
            return Err(MigrationError::NoLeaf {
                app_label: Arc::clone(app_label),
            });
        };
        let highest = own.iter().filter_map(|leaf| number(&leaf.name)).max();
        let mut follows: Vec<String> = own.iter().map(|leaf| leaf.name.clone()).collect();
        follows.sort();
        Ok(Self {
            app_label: Arc::clone(app_label),
            name: format!(
                "{:04}_repair_{}",
                highest.unwrap_or(0).saturating_add(1),
                what(repairs)
            ),
            folder: first.folder.clone(),
            follows,
        })
    }

    fn file(&self, operations: &[Operation], timeouts: Timeouts) -> MigrationFile {
        let sources: Vec<PythonSource> = operations
            .iter()
            .filter_map(|operation| operation.evolves.as_ref())
            .flatten()
            .cloned()
            .collect();
        let mut lines = Lines::default();
        lines.line("# Repairs; every statement looks before it acts, so that a database that had them already stays as it is:");
        for repair in operations.iter().flat_map(|one| &one.plan.repairs) {
            lines.line(&format!("#   {}", in_comment(&repair.title)));
        }
        lines.line("");
        for import in imports(&sources) {
            lines.line(&import);
        }
        lines.line("");
        lines.line("");
        self.class(&mut lines, operations, timeouts);
        MigrationFile {
            app_label: Arc::clone(&self.app_label),
            name: self.name.clone(),
            path: self.folder.join(format!("{}.py", self.name)),
            text: format!("{}\n", lines.text.trim_end()),
        }
    }

    fn class(&self, lines: &mut Lines, operations: &[Operation], timeouts: Timeouts) {
        let atomic = is_atomic(operations);
        lines.nested("class Migration(migrations.Migration):", "", |lines| {
            if !atomic {
                lines.line("atomic = False");
                lines.line("");
            }
            lines.nested("dependencies = [", "]", |lines| {
                for leaf in &self.follows {
                    let (app, leaf) = (literal(&self.app_label), literal(leaf));
                    lines.line(&format!("({app}, {leaf}),"));
                }
            });
            lines.line("");
            lines.nested("operations = [", "]", |lines| {
                for operation in operations {
                    operation.write(lines, atomic, timeouts);
                }
            });
        });
    }
}

/// The number that Django reads off a name (`MigrationAutodetector.parse_number`).
fn number(name: &str) -> Option<u32> {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// What the repairs are called, as a part of a module's name.
fn what(repairs: &[&str]) -> String {
    let mut names: Vec<String> = Vec::new();
    for repair in repairs {
        let name = repair.replace('-', "_");
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let joined = names.join("_and_");
    if joined.len() <= 40 {
        joined
    } else {
        "schema".to_owned()
    }
}

/// Whether all of it may be one transaction: one table, nothing that must stand alone.
fn is_atomic(operations: &[Operation]) -> bool {
    let units: Vec<&Unit> = operations
        .iter()
        .flat_map(|operation| operation.plan.units.iter().chain(operation.back()))
        .collect();
    let together = units
        .iter()
        .all(|unit| matches!(unit.kind, UnitKind::Transaction | UnitKind::Probe));
    let first = units.first().map(|unit| &unit.relation);
    together && units.iter().all(|unit| Some(&unit.relation) == first)
}

impl Operation {
    /// The units of its way back: none where it only restores.
    fn back(&self) -> &[Unit] {
        if self.evolves.is_some() {
            &self.plan.rollback
        } else {
            &[]
        }
    }

    fn write(&self, lines: &mut Lines, atomic: bool, timeouts: Timeouts) {
        match &self.evolves {
            Some(state) if !state.is_empty() => {
                lines.nested("migrations.SeparateDatabaseAndState(", "),", |lines| {
                    lines.nested("database_operations=[", "],", |lines| {
                        self.run_sql(lines, atomic, timeouts);
                    });
                    lines.nested("state_operations=[", "],", |lines| {
                        for operation in state {
                            lines.expression(&operation.text);
                        }
                    });
                });
            }
            _ => self.run_sql(lines, atomic, timeouts),
        }
    }

    fn run_sql(&self, lines: &mut Lines, atomic: bool, timeouts: Timeouts) {
        let forward = items(&self.plan.units, atomic, timeouts);
        if forward.is_empty() {
            return;
        }
        lines.nested("migrations.RunSQL(", "),", |lines| {
            lines.nested("sql=[", "],", |lines| {
                for item in &forward {
                    lines.string(item);
                }
            });
            let back = items(self.back(), atomic, timeouts);
            if back.is_empty() {
                lines.line("reverse_sql=migrations.RunSQL.noop,");
                return;
            }
            lines.nested("reverse_sql=[", "],", |lines| {
                for item in &back {
                    lines.string(item);
                }
            });
        });
    }
}

/// The texts of a RunSQL, each sent at once. Where the migration is no transaction, what belongs into one is one text: the
/// server runs that as one transaction (documentation of the protocol, section "Multiple Statements in a Simple
/// Query"), and SET LOCAL ends with it.
fn items(units: &[Unit], atomic: bool, timeouts: Timeouts) -> Vec<String> {
    let mut items = Vec::new();
    for unit in units {
        let script = unit.script(timeouts);
        match unit.transaction() {
            TransactionBlock::Refused => items.extend(script),
            TransactionBlock::Allowed => {
                let inside: Vec<String> = script
                    .into_iter()
                    .filter(|sql| sql != "BEGIN" && sql != "COMMIT")
                    .collect();
                if atomic {
                    items.extend(inside);
                } else {
                    items.push(inside.join(";\n"));
                }
            }
        }
    }
    items
}
