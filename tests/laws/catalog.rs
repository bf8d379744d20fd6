//! What a catalog shows, in plain lines: of a real server, and of a schema.

use hhschema::schema::{
    Constraint, ConstraintKind, Deferral, Identifier, Identity, Index, IndexState, KeyOrder,
    KeyPart, Lookup, ReferentialAction, Relation, Schema, Supply, Table, Validity, ViewKind,
    WrittenName,
};
use hhschema::sql;

use crate::environment::Database;

/// Lines of a server's catalog, sorted; the schema `public` only.
pub fn of_server(database: &mut Database) -> Vec<String> {
    let mut lines = Vec::new();
    for row in database.query_rows(COLUMNS) {
        let text = |at: usize| row[at].clone().unwrap_or_default();
        let default = if text(5).is_empty() {
            String::new()
        } else {
            format!("default {}", expression(&text(5)))
        };
        lines.push(format!(
            "column {}.{} {} {} {} {}",
            text(0),
            text(1),
            text(2),
            text(3),
            text(4),
            default
        ));
    }
    for query in [CONSTRAINTS, INDEXES, SEQUENCES, VIEWS, ENUMS, TRIGGERS] {
        lines.extend(database.query_column(query));
    }
    lines.sort();
    lines
}

const COLUMNS: &str = "
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
  CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END,
  'identity=' || a.attidentity::text || CASE a.attgenerated WHEN '' THEN '' ELSE 'generated' END, pg_get_expr(d.adbin, d.adrelid)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped";

const CONSTRAINTS: &str = "
SELECT format('constraint %s.%s %s (%s) -> %s (%s) valid=%s deferral=%s%s on delete %s',
  c.conrelid::regclass::text, c.conname, c.contype,
  CASE WHEN c.contype = 'c' THEN '' ELSE (SELECT string_agg(a.attname, ',' ORDER BY k.ordinality)
    FROM unnest(c.conkey) WITH ORDINALITY k(attnum, ordinality) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) END,
  CASE WHEN c.contype = 'f' THEN c.confrelid::regclass::text END,
  (SELECT string_agg(a.attname, ',' ORDER BY k.ordinality)
    FROM unnest(c.confkey) WITH ORDINALITY k(attnum, ordinality) JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum),
  c.convalidated, c.condeferrable, c.condeferred,
  CASE WHEN c.contype = 'f' THEN c.confdeltype::text END)
FROM pg_constraint c
WHERE c.connamespace = 'public'::regnamespace AND c.contype <> 'n' AND c.conrelid <> 0";

const INDEXES: &str = "
SELECT format('index %s on %s unique=%s valid=%s partial=%s (%s)', c.relname, i.indrelid::regclass::text,
  i.indisunique, i.indisvalid, i.indpred IS NOT NULL,
  (SELECT string_agg(CASE WHEN k.attnum = 0 THEN 'expression' ELSE a.attname END
      || CASE WHEN k.ordinality > i.indnkeyatts THEN ' included'
         WHEN i.indoption[k.ordinality - 1] & 3 = 0 THEN '' ELSE ' desc' END, ',' ORDER BY k.ordinality)
    FROM unnest(i.indkey) WITH ORDINALITY k(attnum, ordinality)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum <> 0))
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'public'::regnamespace";

const SEQUENCES: &str = "
SELECT format('sequence %s %s owned by %s.%s identity=%s', c.relname, s.seqtypid::regtype,
  d.refobjid::regclass::text, a.attname, coalesce((d.deptype = 'i'), false))
FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid
LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass
  AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE c.relnamespace = 'public'::regnamespace";

const VIEWS: &str = "
SELECT format('view %s %s', c.relname, c.relkind) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')";

const ENUMS: &str = "
SELECT format('enum %s (%s)', t.typname, (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e'";

const TRIGGERS: &str = "
SELECT format('trigger %s on %s', t.tgname, t.tgrelid::regclass::text) FROM pg_trigger t WHERE NOT t.tgisinternal";

/// The same lines of a schema.
pub fn of_schema(schema: &Schema) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, relation) in schema.relations() {
        match relation {
            Relation::Table(table) => table_lines(&name.name, table, &mut lines),
            Relation::Index(index) => lines.push(index_line(&name.name, index)),
            Relation::Sequence(sequence) => {
                let (table, column) = sequence.owner.as_ref().map_or_else(
                    || (String::new(), String::new()),
                    |owner| (regclass(&owner.table.name), owner.column.to_string()),
                );
                let identity = sequence.purpose == hhschema::schema::SequencePurpose::Identity;
                lines.push(format!(
                    "sequence {} {} owned by {table}.{column} identity={}",
                    name.name,
                    sequence.data_type,
                    flag(identity)
                ));
            }
            Relation::View(view) => lines.push(format!(
                "view {} {}",
                name.name,
                match view.kind {
                    ViewKind::Plain => "v",
                    ViewKind::Materialized => "m",
                }
            )),
        }
    }
    for name in ["mood", "colour"] {
        let written = WrittenName::bare(Identifier::quoted(name));
        if let Lookup::Found((_, labels)) = schema.enum_labels(&written) {
            lines.push(format!("enum {name} ({})", labels.join(",")));
        }
    }
    lines.sort();
    lines
}

fn table_lines(name: &Identifier, table: &Table, lines: &mut Vec<String>) {
    for column in &table.columns {
        let column = &column.value;
        let identity = match column.supply {
            Supply::Identity(Identity::Always) => "a",
            Supply::Identity(Identity::ByDefault) => "d",
            Supply::Generated(_) => "generated",
            _ => "",
        };
        let supplied = match &column.supply {
            Supply::Generated(generated) => Some(&generated.expression),
            _ => column.default(),
        };
        let default = supplied.map_or_else(String::new, |expr| {
            format!("default {}", expression(expr.text().unwrap_or_default()))
        });
        lines.push(format!(
            "column {name}.{} {} {} identity={identity} {default}",
            column.name,
            column.data_type,
            if column.is_not_null() {
                "not null"
            } else {
                "null"
            },
        ));
    }
    for trigger in table.triggers.keys() {
        lines.push(format!("trigger {trigger} on {}", regclass(name)));
    }
    for (own, constraint) in &table.constraints {
        lines.push(constraint_line(name, own, &constraint.value));
    }
}

fn constraint_line(table: &Identifier, name: &Identifier, constraint: &Constraint) -> String {
    let (letter, columns) = match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => ("p", joined(&key.columns)),
        ConstraintKind::Unique(key) => ("u", joined(&key.columns)),
        ConstraintKind::ForeignKey(key) => ("f", joined(&key.columns)),
        ConstraintKind::Check(_) => ("c", String::new()),
        ConstraintKind::Exclusion(_) => ("x", String::new()),
    };
    let (parent, referenced, action) = match &constraint.kind {
        ConstraintKind::ForeignKey(key) => (
            regclass(&key.references.name),
            joined(&key.referenced_columns),
            match key.on_delete {
                ReferentialAction::NoAction => "a",
                ReferentialAction::Restrict => "r",
                ReferentialAction::Cascade => "c",
                ReferentialAction::SetNull => "n",
                ReferentialAction::SetDefault => "d",
            },
        ),
        _ => (String::new(), String::new(), ""),
    };
    let deferral = match constraint.deferral {
        Deferral::NotDeferrable => "ff",
        Deferral::InitiallyImmediate => "tf",
        Deferral::InitiallyDeferred => "tt",
    };
    format!(
        "constraint {}.{name} {letter} ({columns}) -> {parent} ({referenced}) valid={} deferral={deferral} on delete {action}",
        regclass(table),
        flag(constraint.validity == Validity::Valid)
    )
}

fn index_line(name: &Identifier, index: &Index) -> String {
    let keys: Vec<String> = index
        .definition
        .keys
        .iter()
        .map(|key| {
            let column = match &key.part {
                KeyPart::Column(column) => column.to_string(),
                KeyPart::Expression(_) => "expression".to_owned(),
            };
            let order = match key.order {
                KeyOrder::AscendingNullsLast => "",
                _ => " desc",
            };
            format!("{column}{order}")
        })
        .chain(
            index
                .definition
                .include
                .iter()
                .map(|column| format!("{column} included")),
        )
        .collect();
    format!(
        "index {name} on {} unique={} valid={} partial={} ({})",
        regclass(&index.table.name),
        flag(index.definition.is_unique()),
        flag(index.state == IndexState::Valid),
        flag(index.definition.predicate.is_some()),
        keys.join(",")
    )
}

fn joined(columns: &[Identifier]) -> String {
    let names: Vec<&str> = columns.iter().map(Identifier::as_str).collect();
    names.join(",")
}

fn flag(value: bool) -> &'static str {
    if value { "t" } else { "f" }
}

/// As `regclass` prints it.
fn regclass(name: &Identifier) -> String {
    if name.as_str().contains([' ', 'T']) {
        name.to_sql()
    } else {
        name.to_string()
    }
}

/// Through one reader, so that spelling does not count.
fn expression(text: &str) -> String {
    format!("{:?}", sql::expression(text))
        .split("canonical")
        .nth(1)
        .unwrap_or(text)
        .to_owned()
}
