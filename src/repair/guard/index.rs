//! Indexes, found by their table and structure.

use super::look_up::{asked_of_an_empty_table, names_of, relation_exists};
use super::{GuardError, Guarded, Situation, Statement, plain};
use crate::postgres::render;
use crate::repair::quote::{block, name_literal, quoted, regclass, text_array};
use crate::schema::{
    Build, Change, CreateIndex, Drop, Identifier, IfExists, IfNotExists, Index, IndexDefinition,
    IndexKey, IndexState, KeyOrder, NullsDistinct, RelationName, Uniqueness, WrittenName,
};

pub(super) fn guard(change: &Change, situation: Situation<'_>) -> Result<Guarded, GuardError> {
    match change {
        Change::CreateIndex(create) => self::create(create),
        Change::DropIndex { drop, build } => self::drop(drop, *build, situation),
        Change::RenameIndex { index, to, .. } => rename(change, index, to, situation),
        _ => plain(change),
    }
}

/// An INVALID index of the name, left over by a build that failed, counts as existing for `IF NOT EXISTS`: it goes
/// first.
fn create(create: &CreateIndex) -> Result<Guarded, GuardError> {
    let Some(name) = &create.name else {
        return Err(GuardError::Unrepeatable);
    };
    let skipping = |build: Build| {
        render(&Change::CreateIndex(CreateIndex {
            if_not_exists: IfNotExists::Yes,
            build,
            ..create.clone()
        }))
    };
    let index = WrittenName {
        schema: create.table.schema.clone(),
        name: name.clone(),
    };
    let done = standing(&create.table, name, "i.indisvalid");
    let left_over = standing(&create.table, name, "NOT i.indisvalid");
    let blocking = skipping(Build::Blocking)?;
    let statements = match create.build {
        Build::Blocking => vec![
            Statement::new(block(
                "",
                &format!(
                    "IF {left_over} THEN\n  DROP INDEX {};\nEND IF;",
                    quoted(&index)
                ),
            )),
            Statement::new(blocking),
        ],
        Build::Concurrently => {
            let mut statements = put_away(&create.table, &index, &left_over);
            statements.push(Statement::outside(skipping(Build::Concurrently)?, blocking));
            statements
        }
    };
    Ok(Guarded::many(statements).done_when(done))
}

fn drop(drop: &Drop, build: Build, situation: Situation<'_>) -> Result<Guarded, GuardError> {
    let name = situation.before.resolve(&drop.name);
    let skipping = |build: Build| {
        render(&Change::DropIndex {
            drop: Drop {
                if_exists: IfExists::Yes,
                ..drop.clone()
            },
            build,
        })
    };
    let blocking = skipping(Build::Blocking)?;
    let Some(known) = situation.before.index_named(&name).found() else {
        let statement = match build {
            Build::Blocking => Statement::new(blocking),
            Build::Concurrently => Statement::outside(skipping(build)?, blocking),
        };
        return Ok(Guarded::many(vec![statement])
            .done_when(format!("NOT {}", relation_exists(&drop.name))));
    };
    let structure = Structure::of(known, &drop.name)?;
    let table = beside(&drop.name, &known.table);
    let there = standing(&table, &drop.name.name, &structure.condition);
    match build {
        Build::Blocking => {
            let body = format!("IF {there} THEN\n  {blocking};\nEND IF;");
            Ok(structure.guarded("", &body, format!("NOT {there}")))
        }
        Build::Concurrently => {
            let mut statements = put_away(&table, &drop.name, &there);
            if let (Some(first), Some(finding_out)) =
                (statements.first_mut(), &structure.finding_out)
            {
                let body = format!("{finding_out}\n{}", moving(&table, &drop.name, &there));
                *first = Statement::new(block("wanted text;", &body));
            }
            let guarded = Guarded::many(statements);
            Ok(match structure.finding_out {
                None => guarded.done_when(format!("NOT {there}")),
                Some(_) => guarded,
            })
        }
    }
}

/// `DROP INDEX CONCURRENTLY` cannot ask first. So a block that can renames what is to go (which stops nobody: its
/// lock is on the index alone), and the statement drops whatever bears that name.
///
/// A build that is under way in another session has an INVALID index, too: the lock on the table waits for its end.
fn put_away(table: &WrittenName, index: &WrittenName, there: &str) -> Vec<Statement> {
    let aside = quoted(&WrittenName {
        schema: index.schema.clone(),
        name: doomed(&index.name),
    });
    vec![
        Statement::new(block("", &moving(table, index, there))),
        Statement::outside(
            format!("DROP INDEX CONCURRENTLY IF EXISTS {aside}"),
            format!("DROP INDEX IF EXISTS {aside}"),
        ),
    ]
}

fn moving(table: &WrittenName, index: &WrittenName, there: &str) -> String {
    format!(
        "IF {there} THEN\n  LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE;\n  IF {there} THEN\n    \
         ALTER INDEX {} RENAME TO {};\n  END IF;\nEND IF;",
        quoted(table),
        quoted(index),
        doomed(&index.name).to_sql()
    )
}

/// The name that an index bears between being told to go and going.
fn doomed(name: &Identifier) -> Identifier {
    Identifier::quoted(&format!("hhschema_drop_{name}"))
}

fn rename(
    change: &Change,
    index: &WrittenName,
    to: &Identifier,
    situation: Situation<'_>,
) -> Result<Guarded, GuardError> {
    let name = situation.before.resolve(index);
    let Some(known) = situation.before.index_named(&name).found() else {
        let Change::RenameIndex { .. } = change else {
            return plain(change);
        };
        let left = relation_exists(index);
        return Ok(
            Guarded::one(super::unless(&format!("NOT {left}"), &render(change)?))
                .done_when(format!("NOT {left}")),
        );
    };
    let structure = Structure::of(known, index)?;
    let table = beside(index, &known.table);
    let done = standing(&table, to, "true");
    let missing = format!("there is no index to rename to {to} on {table}");
    let body = format!(
        "IF NOT {done} THEN\n  SELECT format('%I.%I', s.nspname, c.relname) INTO target FROM pg_index i\n  \
         JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace s ON s.oid = c.relnamespace\n  \
         WHERE i.indrelid = {} AND {}\n  ORDER BY c.relname = {} DESC, c.relname LIMIT 1;\n  \
         IF target IS NULL THEN\n    {}\n  ELSE\n    \
         EXECUTE format('ALTER INDEX %s RENAME TO %I', target, {});\n  END IF;\nEND IF;",
        regclass(&table),
        structure.condition,
        name_literal(&index.name),
        situation.not_found(&missing),
        name_literal(to)
    );
    Ok(structure.guarded("target text;", &body, done))
}

/// The table of an index, its schema written as that of the index is.
fn beside(index: &WrittenName, table: &RelationName) -> WrittenName {
    WrittenName {
        schema: index.schema.as_ref().map(|_| table.schema.clone()),
        name: table.name.clone(),
    }
}

/// Whether the table has an index of this name of which `condition` holds.
fn standing(table: &WrittenName, name: &Identifier, condition: &str) -> String {
    format!(
        "EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid\n  WHERE i.indrelid = {} AND c.relname = {} AND {condition})",
        regclass(table),
        name_literal(name)
    )
}

/// How an index is told from the others of its table: a condition on `pg_index i` and `pg_class c`.
struct Structure {
    condition: String,
    /// Statements of PL/pgSQL that find out how this server writes the definition: into `wanted`.
    finding_out: Option<String>,
}

/// All of an index but its name and its table, as one text.
const SIGNATURE: &str = "jsonb_build_array(c.relam, i.indisunique, coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false'), \
i.indnkeyatts, i.indclass::text, i.indcollation::text, i.indoption::text, \
ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, false) FROM generate_series(1, i.indnatts) n ORDER BY n), \
pg_get_expr(i.indpred, i.indrelid))::text";

impl Structure {
    fn of(index: &Index, name: &WrittenName) -> Result<Self, GuardError> {
        let state = match index.state {
            IndexState::Valid => "i.indisvalid",
            IndexState::Invalid => "NOT i.indisvalid",
        };
        let backs = if index.backs.is_some() { "" } else { "NOT " };
        // An index of a constraint is the constraint's.
        let valid = format!(
            "{state}\n  AND {backs}EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))"
        );
        if let Some(condition) = of_columns(&index.definition) {
            return Ok(Self {
                condition: format!("{valid}\n  AND {condition}"),
                finding_out: None,
            });
        }
        let probe = Identifier::quoted("hhschema_probe_index");
        let table = beside(name, &index.table);
        let asked = render(&Change::CreateIndex(CreateIndex {
            name: Some(probe),
            table: WrittenName::in_schema(
                Identifier::quoted("pg_temp"),
                Identifier::quoted("hhschema_probe"),
            ),
            definition: index.definition.clone(),
            build: Build::Blocking,
            if_not_exists: IfNotExists::No,
        }))?;
        let read = format!(
            "SELECT {SIGNATURE} INTO wanted FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid\n\
             WHERE i.indrelid = 'pg_temp.hhschema_probe'::regclass;"
        );
        Ok(Self {
            condition: format!(
                "{valid} AND CASE WHEN wanted IS NULL THEN c.relname = {} ELSE {SIGNATURE} = wanted END",
                name_literal(&name.name)
            ),
            finding_out: Some(asked_of_an_empty_table(&table, &asked, &read)),
        })
    }

    fn guarded(&self, variables: &str, body: &str, done: String) -> Guarded {
        match &self.finding_out {
            None => Guarded::one(block(variables, body)).done_when(done),
            Some(finding_out) => Guarded::one(block(
                &format!("{variables}\nwanted text;"),
                &format!("{finding_out}\n{body}"),
            )),
        }
    }
}

/// An index over columns alone needs no help of the server to be recognised.
fn of_columns(definition: &IndexDefinition) -> Option<String> {
    let plain =
        definition.predicate.is_none() && definition.keys.iter().all(|key| key.collation.is_none());
    let keys = definition.key_columns().filter(|_| plain)?;
    let names: Vec<&str> = keys
        .into_iter()
        .chain(&definition.include)
        .map(Identifier::as_str)
        .collect();
    let (unique, nulls) = match definition.uniqueness {
        Uniqueness::NotUnique => ("false", "false"),
        Uniqueness::Unique(NullsDistinct::Distinct) => ("true", "false"),
        Uniqueness::Unique(NullsDistinct::NotDistinct) => ("true", "true"),
    };
    let options: Vec<&str> = definition.keys.iter().map(option).collect();
    let classes: Vec<String> = (0..).zip(&definition.keys).map(class).collect();
    Some(format!(
        "c.relam = (SELECT oid FROM pg_am WHERE amname = {}) AND i.indisunique = {unique} \
         AND coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = '{nulls}'\n  \
         AND i.indexprs IS NULL AND i.indpred IS NULL AND i.indnkeyatts = {} AND i.indoption::text = '{}'\n  AND {} = {}\n  AND {}",
        name_literal(&definition.method),
        definition.keys.len(),
        options.join(" "),
        names_of("i.indkey", "i.indrelid"),
        text_array(&names),
        classes.join("\n  AND ")
    ))
}

/// The bits of `pg_index.indoption`: 1 is DESC, 2 is NULLS FIRST (`INDOPTION_DESC`, `INDOPTION_NULLS_FIRST` in
/// `pg_index.h`).
fn option(key: &IndexKey) -> &'static str {
    match key.order {
        KeyOrder::AscendingNullsLast => "0",
        KeyOrder::AscendingNullsFirst => "2",
        KeyOrder::DescendingNullsFirst => "3",
        KeyOrder::DescendingNullsLast => "1",
    }
}

fn class((place, key): (u32, &IndexKey)) -> String {
    let named = match &key.operator_class {
        None => "o.opcdefault".to_owned(),
        Some(class) => format!("o.opcname = {}", name_literal(&class.name)),
    };
    format!("EXISTS (SELECT FROM pg_opclass o WHERE o.oid = i.indclass[{place}] AND {named})")
}
