//! Random changes over a handful of names, so that they meet: what one makes, another drops.

use std::collections::{BTreeMap, BTreeSet};

use hhschema::schema::{
    Build, Change, Check, Column, ColumnAction, ConstraintDefinition, ConstraintKind, CreateIndex,
    CreateTable, Deferral, Drop, DropBehavior, Expr, ForeignKey, Generated, GeneratedKind,
    Identifier, Identity, IfExists, IfNotExists, IndexDefinition, IndexKey, Key, KeyKind, KeyOrder,
    KeyPart, Nullability, NullsDistinct, Reads, ReferentialAction, SqlType, Supply, Trigger,
    Uniqueness, Validity, ViewKind, WrittenName,
};
use hhschema::sql;
use proptest::prelude::*;
use proptest::sample::select;

fn id(name: &str) -> Identifier {
    Identifier::quoted(name)
}

fn identifiers(names: &'static [&'static str]) -> impl Strategy<Value = Identifier> {
    select(names).prop_map(id)
}

fn table() -> impl Strategy<Value = WrittenName> {
    table_name().prop_map(WrittenName::bare)
}

fn table_name() -> impl Strategy<Value = Identifier> {
    identifiers(&["t", "u", "T w"])
}

fn column_name() -> impl Strategy<Value = Identifier> {
    identifiers(&["a", "b", "id", "C d"])
}

/// Names of constraints and indexes, those that the server chooses among them.
fn object_name() -> impl Strategy<Value = Identifier> {
    identifiers(&["k", "t_pkey", "t_a_key", "u_b_fkey", "u_pkey", "t_a_idx"])
}

fn columns() -> impl Strategy<Value = Vec<Identifier>> {
    prop_oneof![
        4 => column_name().prop_map(|name| vec![name]),
        1 => (column_name(), column_name()).prop_map(|(one, two)| vec![one, two]),
    ]
}

fn data_type() -> impl Strategy<Value = SqlType> {
    select(vec!["integer", "bigint", "character varying(10)", "text"]).prop_map(sql::data_type)
}

fn if_exists() -> impl Strategy<Value = IfExists> {
    prop_oneof![4 => Just(IfExists::No), 1 => Just(IfExists::Yes)]
}

fn if_not_exists() -> impl Strategy<Value = IfNotExists> {
    prop_oneof![4 => Just(IfNotExists::No), 1 => Just(IfNotExists::Yes)]
}

fn behavior() -> impl Strategy<Value = DropBehavior> {
    prop_oneof![Just(DropBehavior::Restrict), Just(DropBehavior::Cascade)]
}

fn deferral() -> impl Strategy<Value = Deferral> {
    prop_oneof![
        3 => Just(Deferral::NotDeferrable),
        1 => Just(Deferral::InitiallyImmediate),
        1 => Just(Deferral::InitiallyDeferred),
    ]
}

fn nullability() -> impl Strategy<Value = Nullability> {
    prop_oneof![Just(Nullability::Nullable), Just(Nullability::NotNull)]
}

fn identity() -> impl Strategy<Value = Identity> {
    prop_oneof![Just(Identity::Always), Just(Identity::ByDefault)]
}

pub fn column() -> impl Strategy<Value = Column> {
    let plain = (data_type(), nullability(), prop::bool::weighted(0.3)).prop_map(
        |(data_type, nullability, default)| {
            let supply = if default {
                Supply::Default(default_of(&data_type))
            } else {
                Supply::Nothing
            };
            (data_type, nullability, supply)
        },
    );
    let serial = select(vec!["integer", "bigint"])
        .prop_map(|name| (sql::data_type(name), Nullability::NotNull, Supply::Serial));
    let identity = identity().prop_map(|kind| {
        (
            sql::data_type("integer"),
            Nullability::NotNull,
            Supply::Identity(kind),
        )
    });
    let generated = column_name().prop_map(|column| {
        let supply = Supply::Generated(Generated {
            expression: sql::expression(&format!("{} IS NULL", column.to_sql())),
            kind: GeneratedKind::Stored,
        });
        (sql::data_type("boolean"), Nullability::Nullable, supply)
    });
    (
        column_name(),
        prop_oneof![12 => plain, 2 => serial, 2 => identity, 1 => generated],
    )
        .prop_map(|(name, (data_type, nullability, supply))| Column {
            name,
            data_type,
            nullability,
            supply,
            collation: None,
        })
}

fn default_of(data_type: &SqlType) -> Expr {
    let text = if data_type.to_string().contains("int") {
        "7"
    } else {
        "'x'"
    };
    sql::expression(text)
}

fn key() -> impl Strategy<Value = Key> {
    (columns(), included()).prop_map(|(columns, include)| Key {
        columns,
        include,
        nulls: NullsDistinct::Distinct,
    })
}

/// `INCLUDE (...)`, now and then.
fn included() -> impl Strategy<Value = Vec<Identifier>> {
    prop_oneof![6 => Just(Vec::new()), 1 => column_name().prop_map(|name| vec![name])]
}

fn foreign_key() -> impl Strategy<Value = ForeignKey<WrittenName>> {
    let action = select(vec![
        ReferentialAction::NoAction,
        ReferentialAction::Cascade,
        ReferentialAction::SetNull,
    ]);
    (
        column_name(),
        table(),
        prop::option::of(column_name()),
        action,
    )
        .prop_map(|(column, references, referenced, on_delete)| ForeignKey {
            columns: vec![column],
            references,
            referenced_columns: referenced.into_iter().collect(),
            on_delete,
            on_update: ReferentialAction::NoAction,
        })
}

fn check() -> impl Strategy<Value = Check> {
    prop_oneof![
        column_name().prop_map(|column| format!("{} IS NOT NULL", column.to_sql())),
        (column_name(), column_name()).prop_map(|(one, two)| format!(
            "{} IS NULL OR {} IS NULL",
            one.to_sql(),
            two.to_sql()
        )),
    ]
    .prop_map(|condition| Check {
        condition: sql::expression(&condition),
    })
}

pub fn constraint() -> impl Strategy<Value = ConstraintDefinition> {
    let validity = prop_oneof![3 => Just(Validity::Valid), 1 => Just(Validity::NotValid)];
    let kind = prop_oneof![
        3 => key().prop_map(ConstraintKind::PrimaryKey),
        3 => key().prop_map(ConstraintKind::Unique),
        4 => foreign_key().prop_map(ConstraintKind::ForeignKey),
        2 => check().prop_map(ConstraintKind::Check),
    ];
    (prop::option::of(object_name()), kind, validity, deferral()).prop_map(
        |(name, kind, validity, deferral)| {
            let checked = matches!(kind, ConstraintKind::Check(_));
            let validated = checked || matches!(kind, ConstraintKind::ForeignKey(_));
            ConstraintDefinition {
                name,
                kind,
                validity: if validated { validity } else { Validity::Valid },
                deferral: if checked {
                    Deferral::NotDeferrable
                } else {
                    deferral
                },
            }
        },
    )
}

fn create_table() -> impl Strategy<Value = Change> {
    let constraints = prop::collection::vec(constraint(), 0..3).prop_map(|mut constraints| {
        for constraint in &mut constraints {
            constraint.validity = Validity::Valid;
        }
        constraints
    });
    (
        table(),
        prop::collection::vec(column(), 1..5),
        constraints,
        if_not_exists(),
    )
        .prop_map(|(table, mut columns, constraints, if_not_exists)| {
            columns.sort_by(|one, other| one.name.cmp(&other.name));
            columns.dedup_by(|one, other| one.name == other.name);
            // As the reader tells it: a primary key says NOT NULL of its columns.
            for constraint in &constraints {
                if let ConstraintKind::PrimaryKey(key) = &constraint.kind {
                    for column in columns
                        .iter_mut()
                        .filter(|one| key.columns.contains(&one.name))
                    {
                        column.nullability = Nullability::NotNull;
                    }
                }
            }
            Change::CreateTable(CreateTable {
                table,
                columns,
                constraints,
                if_not_exists,
                partition_by: None,
                partition_of: None,
            })
        })
}

fn create_index() -> impl Strategy<Value = Change> {
    let order = select(vec![
        KeyOrder::AscendingNullsLast,
        KeyOrder::DescendingNullsFirst,
    ]);
    let predicate = prop::option::weighted(0.2, check().prop_map(|check| check.condition));
    let unique = prop::bool::ANY;
    let keys = prop_oneof![
        5 => (columns(), order).prop_map(|(columns, order)| {
            let keys = columns.into_iter().map(IndexKey::column);
            keys.map(|key| IndexKey { order, ..key }).collect()
        }),
        1 => column_name().prop_map(|column| {
            let expression = sql::expression(&format!("{} IS NULL", column.to_sql()));
            let key = IndexKey::column(column);
            vec![IndexKey { part: KeyPart::Expression(expression), ..key }]
        }),
    ];
    (
        prop::option::of(object_name()),
        table(),
        (keys, predicate, unique, included()),
    )
        .prop_map(|(name, table, (keys, predicate, unique, include))| {
            // IF NOT EXISTS is refused without a name.
            Change::CreateIndex(CreateIndex {
                name,
                table,
                definition: IndexDefinition {
                    uniqueness: if unique {
                        Uniqueness::Unique(NullsDistinct::Distinct)
                    } else {
                        Uniqueness::NotUnique
                    },
                    method: id("btree"),
                    keys,
                    include,
                    predicate,
                    parameters: BTreeMap::new(),
                    tablespace: None,
                },
                build: Build::Blocking,
                if_not_exists: IfNotExists::No,
            })
        })
}

fn drop(name: impl Strategy<Value = Identifier>) -> impl Strategy<Value = Drop> {
    (name, if_exists(), behavior()).prop_map(|(name, if_exists, behavior)| Drop {
        name: WrittenName::bare(name),
        if_exists,
        behavior,
    })
}

fn column_action() -> impl Strategy<Value = ColumnAction> {
    prop_oneof![
        data_type().prop_map(|data_type| ColumnAction::SetType {
            data_type,
            using: None,
            collation: None,
        }),
        Just(ColumnAction::SetNotNull),
        Just(ColumnAction::DropNotNull),
        Just(ColumnAction::DropDefault),
        identity().prop_map(ColumnAction::AddIdentity),
        identity().prop_map(ColumnAction::SetIdentity),
        if_exists().prop_map(|if_exists| ColumnAction::DropIdentity { if_exists }),
    ]
}

fn column_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (table(), column(), if_not_exists()).prop_map(|(table, column, if_not_exists)| {
            Change::AddColumn {
                table,
                column,
                if_not_exists,
            }
        }),
        (table(), column_name(), if_exists(), behavior()).prop_map(
            |(table, column, if_exists, behavior)| Change::DropColumn {
                table,
                column,
                if_exists,
                behavior,
            }
        ),
        (table(), column_name(), column_name())
            .prop_map(|(table, column, to)| Change::RenameColumn { table, column, to }),
        (table(), column_name(), column_action()).prop_map(|(table, column, action)| {
            Change::AlterColumn {
                table,
                column,
                action,
            }
        }),
    ]
}

fn constraint_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (table(), constraint())
            .prop_map(|(table, constraint)| Change::AddConstraint { table, constraint }),
        1 => (table(), object_name(), if_exists(), behavior()).prop_map(
            |(table, constraint, if_exists, behavior)| Change::DropConstraint {
                table,
                constraint,
                if_exists,
                behavior,
            }
        ),
        1 => (table(), object_name(), object_name()).prop_map(|(table, constraint, to)| {
            Change::RenameConstraint {
                table,
                constraint,
                to,
            }
        }),
        1 => (table(), object_name()).prop_map(|(table, constraint)| {
            Change::ValidateConstraint { table, constraint }
        }),
        2 => using_index(),
    ]
}

fn using_index() -> impl Strategy<Value = Change> {
    let key = select(vec![KeyKind::PrimaryKey, KeyKind::Unique]);
    let parts = (table(), prop::option::of(object_name()), object_name());
    (parts, key, deferral()).prop_map(|((table, name, index), key, deferral)| {
        Change::AddConstraintUsingIndex {
            table,
            name,
            index,
            key,
            deferral,
        }
    })
}

fn view_name() -> impl Strategy<Value = Identifier> {
    identifiers(&["v", "w", "t_a_idx"])
}

fn create_view() -> impl Strategy<Value = Change> {
    let kind = prop_oneof![3 => Just(ViewKind::Plain), 1 => Just(ViewKind::Materialized)];
    (view_name(), kind, table(), prop::bool::ANY).prop_map(|(view, kind, table, or_replace)| {
        Change::CreateView {
            view: WrittenName::bare(view),
            kind,
            query: format!("SELECT 1 AS one FROM {}", table.name.to_sql()).into(),
            reads: Reads::Relations(BTreeSet::from([table])),
            or_replace: or_replace && kind == ViewKind::Plain,
            if_not_exists: IfNotExists::No,
        }
    })
}

fn view_change() -> impl Strategy<Value = Change> {
    let kind = select(vec![ViewKind::Plain, ViewKind::Materialized]);
    prop_oneof![
        2 => create_view(),
        1 => (drop(view_name()), kind).prop_map(|(drop, kind)| Change::DropView { drop, kind }),
    ]
}

fn enum_change() -> impl Strategy<Value = Change> {
    let label = || select(vec!["glad", "sad", "it's"]).prop_map(Into::into);
    let name = || Just(WrittenName::bare(id("mood")));
    prop_oneof![
        2 => name().prop_map(|name| Change::CreateEnum {
            name,
            labels: vec!["glad".into(), "sad".into()],
        }),
        1 => (name(), label(), if_not_exists()).prop_map(|(name, label, if_not_exists)| {
            Change::AddEnumValue {
                name,
                label,
                if_not_exists,
            }
        }),
        1 => drop(Just(id("mood"))).prop_map(Change::DropType),
    ]
}

fn trigger_change() -> impl Strategy<Value = Change> {
    let name = || select(vec!["fill", "other"]).prop_map(id);
    prop_oneof![
        (name(), table(), prop::bool::ANY).prop_map(|(trigger, table, or_replace)| {
            Change::CreateTrigger {
                trigger,
                table,
                definition: Trigger {
                    events: "BEFORE INSERT OR UPDATE".into(),
                    action: "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
                        .into(),
                },
                or_replace,
            }
        }),
        (name(), table(), if_exists(), behavior()).prop_map(
            |(trigger, table, if_exists, behavior)| Change::DropTrigger {
                trigger,
                table,
                if_exists,
                behavior,
            }
        ),
    ]
}

fn sequence_name() -> impl Strategy<Value = Identifier> {
    identifiers(&["t_id_seq", "t_a_seq", "u_id_seq"])
}

fn relation_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => drop(table_name()).prop_map(Change::DropTable),
        2 => (table(), table_name(), if_exists()).prop_map(|(table, to, if_exists)| {
            Change::RenameTable {
                table,
                to,
                if_exists,
            }
        }),
        1 => drop(object_name()).prop_map(|drop| Change::DropIndex {
            drop,
            build: Build::Blocking,
        }),
        1 => (object_name(), object_name(), if_exists()).prop_map(|(index, to, if_exists)| {
            Change::RenameIndex {
                index: WrittenName::bare(index),
                to,
                if_exists,
            }
        }),
        1 => drop(sequence_name()).prop_map(Change::DropSequence),
        1 => (sequence_name(), sequence_name()).prop_map(|(sequence, to)| {
            Change::RenameSequence {
                sequence: WrittenName::bare(sequence),
                to,
                if_exists: IfExists::No,
            }
        }),
    ]
}

/// Any change of the kinds that the laws are about.
pub fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        8 => create_table(),
        6 => create_index(),
        10 => column_change(),
        14 => constraint_change(),
        8 => relation_change(),
        2 => view_change(),
        2 => enum_change(),
        2 => trigger_change(),
    ]
}

/// A history: two tables, and then anything. No column has a type that a person made: which casts it has is not
/// modelled.
pub fn history(length: usize) -> impl Strategy<Value = Vec<Change>> {
    (
        create_table(),
        create_table(),
        prop::collection::vec(change(), 1..length),
    )
        .prop_map(|(one, two, rest)| {
            let mut all = vec![one, two];
            all.extend(rest);
            all
        })
}
