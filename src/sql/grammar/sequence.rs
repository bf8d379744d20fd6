//! `CREATE SEQUENCE` and `ALTER SEQUENCE`.

use std::sync::Arc;

use super::unmodelled::{needed, opaque, relations};
use super::{if_exists, if_not_exists};
use crate::postgres::SequenceOptions;
use crate::schema::{Change, SequenceOwner, SqlType, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::lexer::Kind;
use crate::sql::types;

/// `SeqOptList`.
#[derive(Default)]
struct Options {
    data_type: Option<SqlType>,
    owner: Option<SequenceOwner>,
    /// The other options in capitals, one space between words.
    rest: Vec<String>,
}

impl Options {
    fn read(cursor: &mut Cursor<'_>) -> Parsed<Self> {
        let mut options = Self::default();
        while !cursor.is_at_end() {
            options.option(cursor)?;
        }
        Ok(options)
    }

    fn option(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        if cursor.eat("AS") {
            self.data_type = Some(types::parse_type(cursor)?);
        } else if cursor.eat("OWNED BY") {
            self.owner = Some(owner(cursor)?);
        } else if cursor.eat("SEQUENCE NAME") {
            // Of `pg_dump` for identity columns: it names what is made elsewhere.
            cursor.name()?;
        } else {
            let forms = [
                ("INCREMENT", "BY"),
                ("START", "WITH"),
                ("RESTART", "WITH"),
                ("MINVALUE", ""),
                ("MAXVALUE", ""),
                ("CACHE", ""),
            ];
            let bare = [
                "NO MINVALUE",
                "NO MAXVALUE",
                "NO CYCLE",
                "CYCLE",
                "LOGGED",
                "UNLOGGED",
            ];
            if let Some(words) = bare.into_iter().find(|words| cursor.eat(words)) {
                self.rest.push(words.to_owned());
                return Ok(());
            }
            let Some((word, filler)) = forms.into_iter().find(|(word, _)| cursor.eat(word)) else {
                return Err(cursor.unexpected("an option of a sequence"));
            };
            if !filler.is_empty() {
                cursor.eat(filler);
            }
            self.rest.push(word.to_owned());
            self.number(cursor);
        }
        Ok(())
    }

    fn number(&mut self, cursor: &mut Cursor<'_>) {
        let sign = if cursor.eat_symbol("-") { "-" } else { "" };
        cursor.eat_symbol("+");
        if let Some(number) = cursor.peek().filter(|next| next.kind == Kind::Number) {
            cursor.advance();
            self.rest.push(format!("{sign}{}", number.text));
        }
    }

    fn text(&self) -> Arc<str> {
        self.rest.join(" ").into()
    }

    /// Those of a new sequence, what goes without saying left out; as written where one says something else.
    fn of_new(&self) -> Arc<str> {
        let data_type = match &self.data_type {
            Some(SqlType::Known(known)) => known.to_string(),
            Some(_) => return self.text(),
            None => "bigint".to_owned(),
        };
        let options = self.said().map(|options| options.unusual(&data_type));
        options.map_or_else(|| self.text(), Into::into)
    }

    fn said(&self) -> Option<SequenceOptions> {
        let mut said = SequenceOptions::default();
        let mut words = self.rest.iter();
        while let Some(word) = words.next() {
            let value = match word.as_str() {
                "CYCLE" => {
                    said.cycles = true;
                    continue;
                }
                "NO CYCLE" | "NO MINVALUE" | "NO MAXVALUE" => continue,
                "INCREMENT" => &mut said.increment,
                "START" => &mut said.start,
                "MINVALUE" => &mut said.lowest,
                "MAXVALUE" => &mut said.highest,
                "CACHE" => &mut said.cache,
                _ => return None,
            };
            *value = Some(words.next()?.parse().ok()?);
        }
        Some(said)
    }
}

/// `NONE`, or `table.column`.
fn owner(cursor: &mut Cursor<'_>) -> Parsed<SequenceOwner> {
    if cursor.eat("NONE") {
        return Ok(SequenceOwner { column: None });
    }
    let mut parts = vec![cursor.identifier()?];
    while cursor.eat_symbol(".") {
        parts.push(cursor.identifier()?);
    }
    let column = parts.pop();
    let table = parts.pop();
    let schema = parts.pop();
    match (table, column) {
        (Some(name), Some(column)) => Ok(SequenceOwner {
            column: Some((WrittenName { schema, name }, column)),
        }),
        _ => Err(cursor.unexpected("`table.column` or `NONE`")),
    }
}

/// After `CREATE SEQUENCE`.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let if_not_exists = if_not_exists(cursor);
    let sequence = cursor.name()?;
    let options = Options::read(cursor)?;
    Ok(vec![Change::CreateSequence {
        sequence,
        options: options.of_new(),
        data_type: options.data_type,
        owner: options.owner,
        if_not_exists,
    }])
}

/// After `ALTER SEQUENCE`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let if_exists = if_exists(cursor);
    let sequence = cursor.name()?;
    if cursor.eat("RENAME TO") {
        let to = cursor.identifier()?;
        cursor.expect_end()?;
        return Ok(vec![Change::RenameSequence {
            sequence,
            to,
            if_exists,
        }]);
    }
    if cursor.eat("SET SCHEMA") {
        let moved = WrittenName::in_schema(cursor.identifier()?, sequence.name.clone());
        cursor.expect_end()?;
        return opaque(
            cursor,
            "ALTER SEQUENCE SET SCHEMA",
            relations([sequence, moved]),
        );
    }
    if cursor.eat("OWNER TO") || cursor.eat("SET LOGGED") || cursor.eat("SET UNLOGGED") {
        cursor.take_rest();
        return Ok(vec![Change::NoEffect {
            what: "ALTER SEQUENCE".into(),
            relations: needed(sequence, if_exists),
        }]);
    }
    if cursor.is_at_end() {
        return Err(cursor.unexpected("an option of a sequence"));
    }
    let options = Options::read(cursor)?;
    Ok(vec![Change::AlterSequence {
        sequence,
        options: options.text(),
        data_type: options.data_type,
        owner: options.owner,
        if_exists,
    }])
}
