//! Where the next `migrate` stops: statements of migrations that are not applied, and that the live database refuses.

use super::{Cause, Difference, Hurt, RecordedMigrations, Sides};
use crate::django::migration::MigrationKey;
use crate::history::{Direction, ReplayedMigration};
use crate::repair::Repair;
use crate::schema::{Outcome, Rejection};
use crate::source::Origin;

/// The first statement of a migration that the server refuses: the migration ends there.
#[derive(Debug, Clone)]
pub struct Collision {
    pub migration: MigrationKey,
    pub rejection: Rejection,
    pub place: Origin,
    /// What would take away the object that is in the way.
    pub repairs: Vec<Repair>,
}

/// One of each migration that the next `migrate` runs. What is in the way is then no difference of its own, unless it
/// hurts already.
pub(super) fn collisions(
    sides: &Sides<'_>,
    recorded: &RecordedMigrations,
    differences: &mut Vec<Difference>,
) -> Vec<Collision> {
    sides
        .unapplied_migrations()
        .filter(|replayed| !recorded.not_applied.contains(&replayed.migration.key))
        .filter_map(|replayed| {
            let mut collision = first_of(replayed)?;
            let object = collision.rejection.object.to_string();
            let in_the_way = differences.iter().position(|difference| {
                collision.rejection.state.is_duplicate()
                    && matches!(difference.cause, Cause::Diverged(_))
                    && difference.hurt > Hurt::MigrateFails
                    && difference.object().to_string() == object
            });
            if let Some(position) = in_the_way {
                collision.repairs = differences.remove(position).repairs;
            }
            Some(collision)
        })
        .collect()
}

fn first_of(replayed: &ReplayedMigration) -> Option<Collision> {
    replayed
        .moments
        .iter()
        .filter(|moment| moment.direction == Direction::Forward)
        .find_map(|moment| match &moment.outcome {
            Outcome::Rejected(rejection) => Some(Collision {
                migration: replayed.migration.key.clone(),
                rejection: rejection.clone(),
                place: moment.origin(),
                repairs: Vec::new(),
            }),
            Outcome::Applied { .. } | Outcome::Skipped | Outcome::Unsure(_) => None,
        })
}
