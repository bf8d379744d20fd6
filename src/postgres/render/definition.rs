//! Types, columns, constraints and indexes as statements define them.

use super::super::builtin::is_builtin;
use super::{RenderError, Rendered, if_not_exists, name, names};
use crate::schema::{
    Build, Column, ConstraintDefinition, ConstraintKind, CreateIndex, Deferral, Expr, ForeignKey,
    GeneratedKind, Identity, IndexKey, Key, KeyOrder, KeyPart, Nullability, NullsDistinct,
    ReferentialAction, SqlType, Supply, TypeName, Uniqueness, Validity, WrittenName,
};

pub(super) fn data_type(data_type: &SqlType) -> Rendered {
    match data_type {
        SqlType::Known(known) if is_builtin(known) || known.name.starts_with('"') => {
            Ok(known.to_string())
        }
        SqlType::Known(known) => {
            let quoted = TypeName {
                schema: None,
                name: crate::schema::Identifier::quoted(&known.name)
                    .to_sql()
                    .into(),
                ..known.clone()
            };
            Ok(match &known.schema {
                Some(schema) => format!("{}.{quoted}", schema.to_sql()),
                None => quoted.to_string(),
            })
        }
        SqlType::Unknown(why) => Err(RenderError::Unknown(why.clone())),
    }
}

pub(super) fn expression(expr: &Expr) -> Rendered {
    match expr {
        Expr::Known(known) => Ok(known.text.to_string()),
        Expr::Unknown(why) => Err(RenderError::Unknown(why.clone())),
    }
}

/// Where the grammar takes no bare operators: in parentheses, unless it is one word or literal.
pub(super) fn closed_expression(expr: &Expr) -> Rendered {
    let text = expression(expr)?;
    let mut in_text = false;
    let simple = text.chars().all(|letter| {
        if letter == '\'' {
            in_text = !in_text;
        }
        in_text || letter.is_alphanumeric() || "_'.:()[]\"".contains(letter)
    });
    Ok(if simple { text } else { format!("({text})") })
}

pub(super) fn column(column: &Column) -> Rendered {
    let mut text = column.name.to_sql();
    text.push(' ');
    text.push_str(&column_type(column)?);
    if let Some(collation) = &column.collation {
        text.push_str(" COLLATE ");
        text.push_str(&name(collation));
    }
    match &column.supply {
        Supply::Nothing | Supply::Serial => {}
        Supply::Default(expr) => {
            text.push_str(" DEFAULT ");
            text.push_str(&closed_expression(expr)?);
        }
        Supply::Identity(kind) => {
            text.push_str(" GENERATED ");
            text.push_str(identity(*kind));
            text.push_str(" AS IDENTITY");
        }
        Supply::Generated(generated) => {
            let kind = match generated.kind {
                GeneratedKind::Stored => "STORED",
                GeneratedKind::Virtual => "VIRTUAL",
            };
            let expression = expression(&generated.expression)?;
            text.push_str(&format!(" GENERATED ALWAYS AS ({expression}) {kind}"));
        }
    }
    if column.nullability == Nullability::NotNull {
        text.push_str(" NOT NULL");
    }
    Ok(text)
}

fn column_type(column: &Column) -> Rendered {
    let written = data_type(&column.data_type)?;
    Ok(match (&column.supply, written.as_str()) {
        (Supply::Serial, "smallint") => "smallserial".to_owned(),
        (Supply::Serial, "integer") => "serial".to_owned(),
        (Supply::Serial, "bigint") => "bigserial".to_owned(),
        _ => written,
    })
}

pub(super) fn identity(identity: Identity) -> &'static str {
    match identity {
        Identity::Always => "ALWAYS",
        Identity::ByDefault => "BY DEFAULT",
    }
}

pub(super) fn constraint(constraint: &ConstraintDefinition) -> Rendered {
    let mut text = String::new();
    if let Some(own) = &constraint.name {
        text.push_str(&format!("CONSTRAINT {} ", own.to_sql()));
    }
    text.push_str(&match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => format!("PRIMARY KEY{}", key_columns(key)),
        ConstraintKind::Unique(key) => {
            format!("UNIQUE{}{}", nulls(key.nulls), key_columns(key))
        }
        ConstraintKind::ForeignKey(key) => foreign_key(key),
        ConstraintKind::Check(check) => format!("CHECK ({})", expression(&check.condition)?),
        ConstraintKind::Exclusion(exclusion) => format!("EXCLUDE {}", exclusion.definition),
    });
    text.push_str(deferral(constraint.deferral));
    if constraint.validity == Validity::NotValid {
        text.push_str(" NOT VALID");
    }
    Ok(text)
}

fn key_columns(key: &Key) -> String {
    let mut text = format!(" ({})", names(&key.columns));
    if !key.include.is_empty() {
        text.push_str(&format!(" INCLUDE ({})", names(&key.include)));
    }
    text
}

fn nulls(nulls: NullsDistinct) -> &'static str {
    match nulls {
        NullsDistinct::Distinct => "",
        NullsDistinct::NotDistinct => " NULLS NOT DISTINCT",
    }
}

fn foreign_key(key: &ForeignKey<WrittenName>) -> String {
    let mut text = format!(
        "FOREIGN KEY ({}) REFERENCES {}",
        names(&key.columns),
        name(&key.references)
    );
    if !key.referenced_columns.is_empty() {
        text.push_str(&format!(" ({})", names(&key.referenced_columns)));
    }
    for (event, what) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        let action = match what {
            ReferentialAction::NoAction => continue,
            ReferentialAction::Restrict => "RESTRICT",
            ReferentialAction::Cascade => "CASCADE",
            ReferentialAction::SetNull => "SET NULL",
            ReferentialAction::SetDefault => "SET DEFAULT",
        };
        text.push_str(&format!(" ON {event} {action}"));
    }
    text
}

pub(super) fn deferral(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::NotDeferrable => "",
        Deferral::InitiallyImmediate => " DEFERRABLE INITIALLY IMMEDIATE",
        Deferral::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

pub(super) fn create_index(create: &CreateIndex) -> Rendered {
    let definition = &create.definition;
    let mut text = String::from("CREATE ");
    if definition.is_unique() {
        text.push_str("UNIQUE ");
    }
    text.push_str("INDEX ");
    if create.build == Build::Concurrently {
        text.push_str("CONCURRENTLY ");
    }
    text.push_str(if_not_exists(create.if_not_exists));
    if let Some(own) = &create.name {
        text.push_str(&own.to_sql());
        text.push(' ');
    }
    text.push_str(&format!("ON {}", name(&create.table)));
    if definition.method.as_str() != "btree" {
        text.push_str(&format!(" USING {}", definition.method.to_sql()));
    }
    let keys: Vec<String> = definition
        .keys
        .iter()
        .map(index_key)
        .collect::<Result<_, _>>()?;
    text.push_str(&format!(" ({})", keys.join(", ")));
    if !definition.include.is_empty() {
        text.push_str(&format!(" INCLUDE ({})", names(&definition.include)));
    }
    if let Uniqueness::Unique(distinct) = definition.uniqueness {
        text.push_str(nulls(distinct));
    }
    if !definition.parameters.is_empty() {
        let parameters: Vec<String> = definition
            .parameters
            .iter()
            .map(|(parameter, value)| format!("{parameter} = {value}"))
            .collect();
        text.push_str(&format!(" WITH ({})", parameters.join(", ")));
    }
    if let Some(tablespace) = &definition.tablespace {
        text.push_str(&format!(" TABLESPACE {}", tablespace.to_sql()));
    }
    if let Some(predicate) = &definition.predicate {
        text.push_str(&format!(" WHERE {}", expression(predicate)?));
    }
    Ok(text)
}

fn index_key(key: &IndexKey) -> Rendered {
    let mut text = match &key.part {
        KeyPart::Column(column) => column.to_sql(),
        KeyPart::Expression(expr) => format!("({})", expression(expr)?),
    };
    if let Some(collation) = &key.collation {
        text.push_str(&format!(" COLLATE {}", name(collation)));
    }
    if let Some(class) = &key.operator_class {
        text.push_str(&format!(" {}", name(class)));
    }
    text.push_str(match key.order {
        KeyOrder::AscendingNullsLast => "",
        KeyOrder::AscendingNullsFirst => " NULLS FIRST",
        KeyOrder::DescendingNullsFirst => " DESC",
        KeyOrder::DescendingNullsLast => " DESC NULLS LAST",
    });
    Ok(text)
}
