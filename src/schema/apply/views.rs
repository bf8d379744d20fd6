//! CREATE VIEW and DROP VIEW, materialized ones included.

use super::{Application, Step, Stop, reject};
use crate::schema::{
    Change, Drop, IfNotExists, Lookup, ObjectName, OrderedSet, Reads, Relation, RelationName,
    SqlState, View, ViewKind, ViewReads,
};

impl Application {
    pub(super) fn run_on_view(&mut self, change: &Change) -> Step {
        match change {
            Change::CreateView {
                view,
                kind,
                query,
                reads,
                or_replace,
                if_not_exists,
            } => {
                self.namespace_of(view)?;
                let name = self.schema.resolve_new(view);
                let made = View {
                    kind: *kind,
                    query: query.clone(),
                    reads: self.view_reads(reads)?,
                    indexes: OrderedSet::default(),
                };
                self.make_way_for_view(&name, *or_replace, *if_not_exists)?;
                self.schema.put_view(name, made);
                Ok(())
            }
            Change::DropView { drop, kind } => self.drop_view(drop, *kind),
            _ => Ok(()),
        }
    }

    fn make_way_for_view(
        &mut self,
        name: &RelationName,
        or_replace: bool,
        if_not_exists: IfNotExists,
    ) -> Step {
        let replaces = match self.schema.relation_named(name) {
            Lookup::Found(_) if if_not_exists == IfNotExists::Yes => return Err(Stop::Skipped),
            Lookup::Found(Relation::View(known)) if or_replace => known.kind == ViewKind::Plain,
            Lookup::Found(_) if or_replace => false,
            Lookup::Found(_) => {
                return reject(SqlState::DuplicateTable, ObjectName::Relation(name.clone()));
            }
            Lookup::Absent => return Ok(()),
            Lookup::Unsure(why) => {
                self.unsure(why);
                self.forget_relation(name);
                return Ok(());
            }
        };
        if !replaces {
            return reject(
                SqlState::WrongObjectType,
                ObjectName::Relation(name.clone()),
            );
        }
        self.schema.take_view(name);
        Ok(())
    }

    fn view_reads(&mut self, reads: &Reads) -> Step<ViewReads> {
        let relations = match reads {
            Reads::Relations(relations) => relations,
            Reads::Unknown(why) => return Ok(ViewReads::Unknown(why.clone())),
        };
        let mut resolved = OrderedSet::default();
        for written in relations {
            let name = self.schema.resolve(written);
            match self.schema.relation_named(&name).map(|_| ()) {
                Lookup::Found(()) => resolved.insert_mut(name),
                Lookup::Absent => {
                    self.namespace_of(written)?;
                    return reject(SqlState::UndefinedTable, ObjectName::Relation(name));
                }
                Lookup::Unsure(why) => {
                    self.unsure(why);
                    resolved.insert_mut(name);
                }
            }
        }
        Ok(ViewReads::Relations(resolved))
    }

    fn drop_view(&mut self, drop: &Drop, kind: ViewKind) -> Step {
        let Some(name) = self.named_by(drop, SqlState::UndefinedTable)? else {
            return Ok(());
        };
        let is_view = match self.schema.relations.get(&name).map(|known| &known.value) {
            Some(Relation::View(view)) => view.kind == kind,
            Some(Relation::Table(_) | Relation::Index(_) | Relation::Sequence(_)) => false,
            None => return Ok(()),
        };
        if !is_view {
            return reject(SqlState::WrongObjectType, ObjectName::Relation(name));
        }
        self.drop_views_on(&name, drop.behavior)?;
        self.remove_view(&name);
        Ok(())
    }
}
