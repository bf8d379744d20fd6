use super::counterpart::without_counterpart;
use super::{live, page};
use crate::history::{Author, History, ModelTable, TableOpenness};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{
    Change, Constraint, ConstraintKind, Deferral, Expr, ForeignKey, Identifier, IndexDefinition,
    ObjectName, Outcome, RelationName, Schema,
};
use crate::source::Origin;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("constraint-mismatch"),
    page: page!("constraint-mismatch"),
    checks: &[
        Check::History(check),
        Check::Drift(live::constraint_mismatch::check),
    ],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(models) = &context.history.models else {
        return Vec::new();
    };
    let end = &context.history.end;
    context
        .history
        .model_tables
        .iter()
        .filter(|model| end.is_whole(&model.table) && models.expected.is_whole(&model.table))
        .flat_map(|model| {
            let table = &model.table;
            let (wanted, found) = (
                constraints(&models.expected, table),
                constraints(end, table),
            );
            let (missing, extra) = without_counterpart(&wanted, &found, Held::is, |one, other| {
                one.name == other.name
            });
            let missing = missing
                .into_iter()
                .filter(|wanted| !may_be_unread(wanted, end, table))
                // Of a field without column another rule speaks.
                .filter(|wanted| {
                    let mut columns = wanted.columns().into_iter();
                    columns.all(|name| !end.column(table, name).is_absent())
                })
                // A migration adds it, and the server refuses that: `name-collision`, `created-twice`.
                .filter(|wanted| !is_refused(wanted, table, context.history))
                .map(|wanted| self::missing(model, wanted));
            let extra = extra
                .into_iter()
                .filter(|_| model.openness == TableOpenness::Closed)
                .filter(|found| !may_be_unread(found, &models.expected, table))
                .filter_map(|found| self::extra(model, found, context));
            missing.chain(extra).collect::<Vec<_>>()
        })
        .collect()
}

/// A constraint, or a unique index that stands for one (Django's conditional `UniqueConstraint`).
struct Held {
    name: Identifier,
    what: What,
}

#[derive(PartialEq)]
enum What {
    Constraint(ConstraintKind<RelationName>, Deferral),
    UniqueIndex(IndexDefinition),
}

impl Held {
    /// By what they are, not by name. A foreign key to what is not known may be any on its columns.
    fn is(&self, other: &Self) -> bool {
        self.what == other.what
            || match (self.foreign_key(), other.foreign_key()) {
                (Some(one), Some(two)) => {
                    (is_unknown(one) || is_unknown(two)) && one.columns == two.columns
                }
                (Some(_), None) | (None, _) => false,
            }
    }

    fn foreign_key(&self) -> Option<&ForeignKey<RelationName>> {
        match &self.what {
            What::Constraint(ConstraintKind::ForeignKey(key), _) => Some(key),
            What::Constraint(..) | What::UniqueIndex(_) => None,
        }
    }

    fn term(&self) -> &'static str {
        match &self.what {
            What::Constraint(kind, _) => kind.term(),
            What::UniqueIndex(_) => "unique constraint",
        }
    }

    fn columns(&self) -> Vec<&Identifier> {
        match &self.what {
            What::Constraint(kind, _) => kind.columns(),
            What::UniqueIndex(definition) => definition.columns().collect(),
        }
    }
}

fn is_unknown(key: &ForeignKey<RelationName>) -> bool {
    key.references.name.is_unknown() || key.referenced_columns.iter().any(Identifier::is_unknown)
}

/// What is known whole; a primary key is the table's own business.
fn constraints(schema: &Schema, table: &RelationName) -> Vec<Held> {
    let constraints = schema
        .constraints_of(table)
        .filter(|(_, constraint)| is_compared(constraint))
        .map(|(name, constraint)| Held {
            name: name.clone(),
            what: What::Constraint(constraint.kind.clone(), constraint.deferral),
        });
    let indexes = schema
        .indexes_of(table)
        .filter(|(_, index)| index.backs.is_none() && index.definition.is_unique())
        .filter(|(_, index)| index.definition.is_known())
        .map(|(name, index)| Held {
            name: name.name,
            what: What::UniqueIndex(IndexDefinition {
                tablespace: None,
                ..index.definition.clone()
            }),
        });
    constraints.chain(indexes).collect()
}

/// Whether a constraint of the same kind that could not be read whole may be this one.
fn may_be_unread(held: &Held, schema: &Schema, table: &RelationName) -> bool {
    match &held.what {
        What::Constraint(ConstraintKind::Check(_), _) => schema
            .constraints_of(table)
            .any(|(_, other)| matches!(&other.kind, ConstraintKind::Check(check) if matches!(check.condition, Expr::Unknown(_)))),
        What::Constraint(..) => false,
        What::UniqueIndex(_) => schema
            .indexes_of(table)
            .any(|(_, index)| index.definition.is_unique() && !index.definition.is_known()),
    }
}

fn is_compared(constraint: &Constraint) -> bool {
    match &constraint.kind {
        ConstraintKind::PrimaryKey(_) | ConstraintKind::Exclusion(_) => false,
        ConstraintKind::Check(check) => matches!(check.condition, Expr::Known(_)),
        ConstraintKind::Unique(_) | ConstraintKind::ForeignKey(_) => true,
    }
}

fn is_refused(wanted: &Held, table: &RelationName, history: &History) -> bool {
    let moments = history.migrations.iter().flat_map(|run| &run.moments);
    moments
        .filter(|moment| matches!(moment.outcome, Outcome::Rejected(_)))
        .any(|moment| match &moment.change {
            Change::AddConstraint {
                table: written,
                constraint,
            } => {
                moment.before.resolve(written) == *table
                    && constraint.kind.term() == wanted.term()
                    && constraint.kind.columns() == wanted.columns()
            }
            _ => false,
        })
}

fn missing(model: &ModelTable, wanted: &Held) -> Finding {
    Finding::at(
        declaration(model, wanted),
        format!(
            "model `{}` wants the {} `{}` on `{}`, and no migration adds it: nothing in the database enforces it",
            model.model.name,
            wanted.term(),
            wanted.name,
            model.table
        ),
    )
    .about(ObjectName::Constraint(model.table.clone(), wanted.name.clone()))
    .help("run `makemigrations`")
}

/// Constraints that only SQL asked for are left alone, and so are those of a column that no field has: of that
/// another rule speaks.
fn extra(model: &ModelTable, found: &Held, context: &Context<'_>) -> Option<Finding> {
    if !found
        .columns()
        .into_iter()
        .all(|column| model.has_column(column))
    {
        return None;
    }
    let provenance = &context.history.provenance;
    let object = ObjectName::Constraint(model.table.clone(), found.name.clone());
    let created = provenance.creation(&object).or_else(|| {
        provenance.creation(&ObjectName::Index(model.table.sibling(found.name.clone())))
    })?;
    (created.author == Author::Django).then(|| {
        Finding::at(
            created.origin.clone(),
            format!(
                "the migrations add the {} `{}` to `{}`, and model `{}` does not have it any more: values that the model allows are \
                 refused",
                found.term(),
                found.name,
                model.table,
                model.model.name
            ),
        )
        .about(object)
        .labelled(model.model.origin.clone(), "the model of this table")
        .help("run `makemigrations`, or put the constraint back into the model")
    })
}

/// Where the model asks for the constraint: in `Meta.constraints`, at the field, else the class.
fn declaration(model: &ModelTable, wanted: &Held) -> Origin {
    let in_meta =
        model.model.options.constraints.iter().flatten().find(
            |known| matches!(&known.name, Ok(given) if Identifier::quoted(given) == wanted.name),
        );
    if let Some(constraint) = in_meta {
        return constraint.origin.clone();
    }
    let field = match wanted.columns().as_slice() {
        [column] => model.columns.iter().find(|known| known.column == **column),
        _ => None,
    };
    field.map_or_else(
        || model.model.origin.clone(),
        |known| known.field.origin.clone(),
    )
}
