//! Import statements, and the attributes of modules and of names outside the project.

use std::sync::Arc;

use ruff_python_ast::{StmtImport, StmtImportFrom};

use super::evaluate::{Evaluator, used_at};
use super::frame::Frame;
use super::function_access;
use super::module::Module;
use super::names::{is_opened, public};
use super::reader::Named;
use super::text::generated;
use super::value::{DottedName, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

impl Evaluator<'_> {
    pub(super) fn import(&mut self, frame: &mut Frame<'_>, import: &StmtImport) {
        for alias in &import.names {
            let (name, path) = if let Some(name) = &alias.asname {
                (name.id.as_str(), alias.name.id.as_str())
            } else {
                let first = alias.name.id.split('.').next().unwrap_or_default();
                (first, first)
            };
            let kind = self.module_or_name(path);
            let origin = frame.module.origin(alias);
            frame.bind(name, Value { kind, origin });
        }
    }

    pub(super) fn import_from(&mut self, frame: &mut Frame<'_>, import: &StmtImportFrom) {
        let base = absolute(frame.module, import);
        for alias in &import.names {
            let name = alias.name.id.as_str();
            if name == "*" {
                continue;
            }
            let origin = frame.module.origin(alias);
            let value = match &base {
                Ok(base) => self.imported_from(base, name, origin),
                Err(why) => Value::unknown(why.clone(), origin),
            };
            frame.bind(&alias.asname.as_ref().unwrap_or(&alias.name).id, value);
        }
    }

    /// `from base import name`.
    pub(super) fn imported_from(&mut self, base: &str, name: &str, origin: Origin) -> Value {
        let full = format!("{base}.{name}");
        if full == "typing_extensions.TYPE_CHECKING" {
            let kind = ValueKind::Bool(false);
            return Value { kind, origin };
        }
        if !is_opened(base) {
            let kind = if is_opened(&full) {
                self.module_or_name(&full)
            } else {
                self.name_kind(&full, &origin)
            };
            return Value { kind, origin };
        }
        let module = match self.python.named(base) {
            Named::Module(module) => module,
            Named::Nothing => {
                let kind = self.name_kind(&full, &origin);
                return Value { kind, origin };
            }
            Named::Namespace => {
                let kind = self.module_or_name(&full);
                return Value { kind, origin };
            }
            Named::Unreadable(why) => return Value::unknown(Why::new(why.to_string()), origin),
        };
        // `from . import models` in a package's own `__init__.py` means the submodule.
        let itself = self.waits(&module, name) && self.python.search_path().find(&full).is_some();
        if !itself && let Some(value) = self.global(&module, name) {
            return used_at(value, origin);
        }
        let kind = if self.python.search_path().find(&full).is_some() {
            ValueKind::Module(DottedName::new(full))
        } else if let Some(kind) = self.star_fallback(&module, name) {
            kind
        } else if let Some(value) = self.module_getattr(&module, name, &origin) {
            return value;
        } else {
            ValueKind::Unknown(Why::new(format!(
                "`{base}` binds no name `{name}` that can be read"
            )))
        };
        Value { kind, origin }
    }

    /// What the `__getattr__` of a module gives for a name that the file does not bind (PEP 562).
    fn module_getattr(
        &mut self,
        module: &Arc<Module>,
        name: &str,
        origin: &Origin,
    ) -> Option<Value> {
        let hook = self.global(module, "__getattr__")?;
        let ValueKind::Function(_) = &hook.kind else {
            return None;
        };
        let text = ValueKind::Str(generated(name, origin));
        let arguments = super::calls::Arguments {
            positional: vec![Value {
                kind: text,
                origin: origin.clone(),
            }],
            ..super::calls::Arguments::default()
        };
        Some(self.apply(hook, arguments, origin.clone()))
    }

    fn module_or_name(&self, path: &str) -> ValueKind {
        if is_opened(path) && self.python.search_path().find(path).is_some() {
            return ValueKind::Module(DottedName::new(path));
        }
        ValueKind::Name(public(path))
    }

    /// A path outside what is read: a name, or the few values that are known whoever asks.
    pub(super) fn name_kind(&mut self, path: &str, origin: &Origin) -> ValueKind {
        let text = |text: &str| ValueKind::Str(generated(text, origin));
        let version = |parts: &[i128]| {
            let parts = parts.iter().map(|part| Value {
                kind: ValueKind::Int(*part),
                origin: origin.clone(),
            });
            ValueKind::Tuple(parts.collect())
        };
        match path {
            "django.db.connection.vendor" => text("postgresql"),
            "django.db.connection.alias" | "django.db.DEFAULT_DB_ALIAS" => text("default"),
            "django.db.migrations.state.ProjectState.apps" => {
                ValueKind::Name(DottedName::new(function_access::STATE_APPS))
            }
            "django.db.backends.base.schema.BaseDatabaseSchemaEditor.connection" => {
                ValueKind::Name(DottedName::new("django.db.connection"))
            }
            "typing.TYPE_CHECKING" => ValueKind::Bool(false),
            "django.VERSION" | "django.get_version.VERSION" => {
                let (major, minor) = self.python.django_version();
                version(&[i128::from(major), i128::from(minor), 0])
            }
            "sys.version_info" => version(&[3, 12, 0]),
            _ => match path.strip_prefix("django.conf.settings.") {
                Some(setting) if !setting.contains('.') => self.setting(setting).map_or_else(
                    || ValueKind::Name(DottedName::new(path)),
                    |value| value.kind,
                ),
                _ => ValueKind::Name(public(path)),
            },
        }
    }

    /// What the project's settings module says; `None` where there is none, or it does not say.
    pub(super) fn setting(&mut self, name: &str) -> Option<Value> {
        let given = self.python.given_settings().cloned();
        let given = given.and_then(|given| self.global(&given, name));
        if given.is_some() {
            return given;
        }
        let module = self.python.settings_module()?;
        let value = self.global(&module, name);
        if name == "DATABASES" {
            return value.map(super::engine::on_postgresql);
        }
        // The one of Django's own defaults that stands in nearly every history.
        if value.is_none() && name == "AUTH_USER_MODEL" {
            let origin = Origin::new(&module.file, crate::source::Span::default());
            let kind = ValueKind::Str(generated("auth.User", &origin));
            return Some(Value { kind, origin });
        }
        value.or_else(|| self.set_by_app(name))
    }

    /// `owner.name`.
    pub(super) fn attribute(&mut self, owner: Value, name: &str, origin: Origin) -> Value {
        let kind = match &owner.kind {
            ValueKind::Module(module) => {
                let base = module.as_str().to_owned();
                if name == "__name__" {
                    let kind = ValueKind::Str(generated(&base, &origin));
                    return Value { kind, origin };
                }
                return self.imported_from(&base, name, origin);
            }
            ValueKind::Name(path) => {
                let full = format!("{path}.{name}");
                if full.starts_with("django.contrib.") && is_opened(&full) {
                    self.module_or_name(&full)
                } else {
                    self.name_kind(&full, &origin)
                }
            }
            ValueKind::Class(class) => return Self::class_attribute(class, name, origin),
            ValueKind::Call(call) => match super::choices::member_part(call, name) {
                Some(value) => return value,
                None if let Some(found) = self.object_attribute(&owner, name, &origin) => {
                    return found.into_value(name, origin);
                }
                None => match function_access::table_of(call, name, self.tables) {
                    Some(table) => ValueKind::Str(generated(&table, &origin)),
                    None => symbolic_attribute(owner, name, &origin),
                },
            },
            ValueKind::Operation(_) => symbolic_attribute(owner, name, &origin),
            ValueKind::Unknown(why) => ValueKind::Unknown(why.clone()),
            _ => ValueKind::Unknown(Why::new(format!("the attribute `{name}` is not followed"))),
        };
        Value { kind, origin }
    }

    /// A name that a module may have from `from x import *`.
    pub(super) fn star(&mut self, module: &Arc<Module>, name: &str) -> Option<Value> {
        if name.starts_with('_') {
            return None;
        }
        let imports = module.star_imports().collect::<Vec<_>>();
        for import in imports.into_iter().rev() {
            let Ok(base) = absolute(module, import) else {
                continue;
            };
            if !is_opened(&base) {
                continue;
            }
            let Some(target) = self.python.module_named(&base) else {
                continue;
            };
            // A module that is still being imported does not have the name yet.
            if self.waits(&target, name) || self.star_waits(&target, name) {
                continue;
            }
            if let Some(value) = self.global(&target, name) {
                self.star_done();
                return Some(value);
            }
            self.star_done();
        }
        None
    }

    /// A name that can only come from a star import of a module that is not read: its path there, when there is
    /// just one such module.
    pub(super) fn star_fallback(&mut self, module: &Arc<Module>, name: &str) -> Option<ValueKind> {
        let mut unread = module.star_imports().filter_map(|import| {
            let base = absolute(module, import).ok()?;
            let read = is_opened(&base) && self.python.search_path().find(&base).is_some();
            (!read).then_some(base)
        });
        let base = unread.next()?;
        if unread.next().is_some() {
            return Some(ValueKind::Unknown(Why::new(format!(
                "`{name}` may come from more than one `import *`"
            ))));
        }
        Some(ValueKind::Name(public(&format!("{base}.{name}"))))
    }
}

/// An attribute of something that stays symbolic: `getattr(F("price"), "desc")`.
pub(super) fn symbolic_attribute(owner: Value, name: &str, origin: &Origin) -> ValueKind {
    let text = Value {
        kind: ValueKind::Str(generated(name, origin)),
        origin: origin.clone(),
    };
    ValueKind::Call(Arc::new(super::value::Call {
        callee: Value {
            kind: ValueKind::Name(DottedName::new("builtins.getattr")),
            origin: origin.clone(),
        },
        arguments: vec![owner, text],
        keywords: Vec::new(),
        unknown_arguments: None,
    }))
}

/// The dotted path that an import names, relative ones resolved.
pub(super) fn absolute(module: &Module, import: &StmtImportFrom) -> Result<String, Why> {
    let written = import.module.as_ref().map_or("", |name| name.id.as_str());
    let mut level = import.level;
    if level == 0 {
        return Ok(written.to_owned());
    }
    let mut package = &*module.name;
    if module.is_package {
        level -= 1;
    }
    for _ in 0..level {
        if package.is_empty() {
            return Err(Why::new("a relative import leads out of its package"));
        }
        package = package.rsplit_once('.').map_or("", |(parent, _)| parent);
    }
    Ok(match (package, written) {
        (package, "") => package.to_owned(),
        ("", written) => written.to_owned(),
        (package, written) => format!("{package}.{written}"),
    })
}
