//! Types, columns, constraints and indexes as statements define them.

use super::super::builtin::is_builtin;
use super::{RenderError, Rendered, if_not_exists, name, names};
use crate::schema::{
    Build, Column, ConstraintDefinition, ConstraintKind, CreateIndex, Deferral, Expr, ForeignKey,
    GeneratedKind, Identity, IndexDefinition, IndexKey, Key, KeyOrder, KeyPart, Nullability,
    NullsDistinct, ReferentialAction, SqlType, Supply, TypeName, Uniqueness, Validity, WrittenName,
};

pub(super) fn data_type(data_type: &SqlType) -> Rendered {
    match data_type {
        SqlType::Known(known) if is_builtin(known) || &*known.name == "\"char\"" => {
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
    let mut clauses = vec![column.name.to_sql(), column_type(column)?];
    if let Some(collation) = &column.collation {
        clauses.push(format!("COLLATE {}", name(collation)));
    }
    match &column.supply {
        Supply::Nothing | Supply::Serial => {}
        Supply::Default(expr) => clauses.push(format!("DEFAULT {}", closed_expression(expr)?)),
        Supply::Identity(kind) => {
            clauses.push(format!("GENERATED {} AS IDENTITY", identity(*kind)));
        }
        Supply::Generated(generated) => {
            let kind = match generated.kind {
                GeneratedKind::Stored => "STORED",
                GeneratedKind::Virtual => "VIRTUAL",
            };
            let expression = expression(&generated.expression)?;
            clauses.push(format!("GENERATED ALWAYS AS ({expression}) {kind}"));
        }
    }
    if column.nullability == Nullability::NotNull {
        clauses.push("NOT NULL".to_owned());
    }
    Ok(clauses.join(" "))
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
    let mut clauses = Vec::new();
    if let Some(own) = &constraint.name {
        clauses.push(format!("CONSTRAINT {}", own.to_sql()));
    }
    clauses.push(match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => format!("PRIMARY KEY {}", key_columns(key)),
        ConstraintKind::Unique(key) => match key.nulls {
            NullsDistinct::Distinct => format!("UNIQUE {}", key_columns(key)),
            NullsDistinct::NotDistinct => {
                format!("UNIQUE NULLS NOT DISTINCT {}", key_columns(key))
            }
        },
        ConstraintKind::ForeignKey(key) => foreign_key(key),
        ConstraintKind::Check(check) => format!("CHECK ({})", expression(&check.condition)?),
        ConstraintKind::Exclusion(exclusion) => format!("EXCLUDE {}", exclusion.definition),
    });
    let validity = match constraint.validity {
        Validity::Valid => "",
        Validity::NotValid => " NOT VALID",
        Validity::NotEnforced => " NOT ENFORCED",
    };
    let deferral = deferral(constraint.deferral);
    Ok(format!("{}{deferral}{validity}", clauses.join(" ")))
}

fn key_columns(key: &Key) -> String {
    if key.include.is_empty() {
        format!("({})", names(&key.columns))
    } else {
        format!(
            "({}) INCLUDE ({})",
            names(&key.columns),
            names(&key.include)
        )
    }
}

fn foreign_key(key: &ForeignKey<WrittenName>) -> String {
    let mut clauses = vec![format!(
        "FOREIGN KEY ({}) REFERENCES {}",
        names(&key.columns),
        name(&key.references)
    )];
    if !key.referenced_columns.is_empty() {
        clauses.push(format!("({})", names(&key.referenced_columns)));
    }
    for (event, what) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        let action = match what {
            ReferentialAction::NoAction => continue,
            ReferentialAction::Restrict => "RESTRICT",
            ReferentialAction::Cascade => "CASCADE",
            ReferentialAction::SetNull => "SET NULL",
            ReferentialAction::SetDefault => "SET DEFAULT",
        };
        clauses.push(format!("ON {event} {action}"));
    }
    clauses.join(" ")
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
    let mut clauses = vec![match definition.uniqueness {
        Uniqueness::NotUnique => "CREATE INDEX".to_owned(),
        Uniqueness::Unique(_) => "CREATE UNIQUE INDEX".to_owned(),
    }];
    if create.build == Build::Concurrently {
        clauses.push("CONCURRENTLY".to_owned());
    }
    if let Some(own) = &create.name {
        let clause = if_not_exists(create.if_not_exists);
        clauses.push(format!("{clause}{}", own.to_sql()));
    }
    clauses.push(format!("ON {}", name(&create.table)));
    if definition.method.as_str() != "btree" {
        clauses.push(format!("USING {}", definition.method.to_sql()));
    }
    let keys: Vec<String> = definition
        .keys
        .iter()
        .map(index_key)
        .collect::<Result<_, _>>()?;
    clauses.push(format!("({})", keys.join(", ")));
    clauses.extend(index_tail(definition)?);
    Ok(clauses.join(" "))
}

fn index_tail(definition: &IndexDefinition) -> Result<Vec<String>, RenderError> {
    let mut clauses = Vec::new();
    if !definition.include.is_empty() {
        clauses.push(format!("INCLUDE ({})", names(&definition.include)));
    }
    if definition.uniqueness == Uniqueness::Unique(NullsDistinct::NotDistinct) {
        clauses.push("NULLS NOT DISTINCT".to_owned());
    }
    if !definition.parameters.is_empty() {
        let parameters: Vec<String> = definition
            .parameters
            .iter()
            .map(|(parameter, value)| format!("{parameter} = {value}"))
            .collect();
        clauses.push(format!("WITH ({})", parameters.join(", ")));
    }
    if let Some(tablespace) = &definition.tablespace {
        clauses.push(format!("TABLESPACE {}", tablespace.to_sql()));
    }
    if let Some(predicate) = &definition.predicate {
        clauses.push(format!("WHERE {}", expression(predicate)?));
    }
    Ok(clauses)
}

fn index_key(key: &IndexKey) -> Rendered {
    let mut clauses = vec![match &key.part {
        KeyPart::Column(column) => column.to_sql(),
        KeyPart::Expression(expr) => format!("({})", expression(expr)?),
    }];
    if let Some(collation) = &key.collation {
        clauses.push(format!("COLLATE {}", name(collation)));
    }
    if let Some(class) = &key.operator_class {
        clauses.push(name(class));
    }
    clauses.extend(match key.order {
        KeyOrder::AscendingNullsLast => None,
        KeyOrder::AscendingNullsFirst => Some("NULLS FIRST".to_owned()),
        KeyOrder::DescendingNullsFirst => Some("DESC".to_owned()),
        KeyOrder::DescendingNullsLast => Some("DESC NULLS LAST".to_owned()),
    });
    Ok(clauses.join(" "))
}
