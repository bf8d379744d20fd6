//! CREATE TRIGGER and DROP TRIGGER.

use super::{Application, Step, Stop, reject};
use crate::schema::{
    Change, Identifier, IfExists, Lookup, ObjectName, Relation, SqlState, Stamped, Trigger,
    WrittenName,
};

impl Application {
    pub(super) fn run_on_trigger(&mut self, change: &Change) -> Step {
        match change {
            Change::CreateTrigger {
                trigger,
                table,
                definition,
                or_replace,
            } => self.create_trigger((trigger, table), definition, *or_replace),
            Change::DropTrigger {
                trigger,
                table,
                if_exists,
                ..
            } => self.drop_trigger(trigger, table, *if_exists),
            _ => Ok(()),
        }
    }

    fn create_trigger(
        &mut self,
        (trigger, table): (&Identifier, &WrittenName),
        definition: &Trigger,
        or_replace: bool,
    ) -> Step {
        // A view has triggers of its own, which fill no table.
        if let Lookup::Found((_, Relation::View(_))) = self.schema.relation(table) {
            return Ok(());
        }
        let table = self.table(table)?;
        let now = self
            .schema
            .now(self.schema.known_table(&table).map(AsRef::as_ref));
        let known = self.schema.known_table(&table);
        match known.and_then(|known| known.triggers.get(trigger)) {
            Some(stands) if !or_replace && stands.stamp == now => {
                return reject(
                    SqlState::DuplicateObject,
                    ObjectName::Constraint(table, trigger.clone()),
                );
            }
            _ => {}
        }
        self.schema.alter_table(&table, |known| {
            let made = Stamped::new(definition.clone(), now);
            known.triggers.insert_mut(trigger.clone(), made);
        });
        Ok(())
    }

    /// A trigger that is not known may have come with a function, or under another name.
    fn drop_trigger(
        &mut self,
        trigger: &Identifier,
        table: &WrittenName,
        if_exists: IfExists,
    ) -> Step {
        match self.schema.relation(table) {
            Lookup::Found((_, Relation::View(_))) => return Ok(()),
            Lookup::Absent if if_exists == IfExists::Yes => return Err(Stop::Skipped),
            _ => {}
        }
        let table = self.table(table)?;
        let known = self.schema.known_table(&table);
        if known.is_some_and(|known| known.triggers.contains_key(trigger)) {
            self.schema.alter_table(&table, |known| {
                known.triggers.remove_mut(trigger);
            });
        } else {
            self.unsure(crate::schema::Why::new(format!(
                "the trigger `{trigger}` was not seen being created"
            )));
        }
        Ok(())
    }
}
