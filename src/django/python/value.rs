//! What an expression of a migration, a model or a settings module is known to be.

use std::sync::{Arc, OnceLock};

use super::ancestry::Above;

use crate::schema::Why;
use crate::source::{Origin, SourceMap};

/// Something that static reading either knows or cannot know, with the reason.
pub type Static<T> = Result<T, Why>;

/// A Python value and the place of the expression that gave it.
#[derive(Debug, Clone)]
pub struct Value {
    pub kind: ValueKind,
    pub origin: Origin,
}

#[derive(Debug, Clone)]
pub enum ValueKind {
    None,
    Bool(bool),
    Int(i128),
    /// As `repr` writes it, so that it goes into SQL as Django would put it there.
    Float(Arc<str>),
    Str(Text),
    Bytes(Arc<[u8]>),
    List(Arc<[Value]>),
    Tuple(Arc<[Value]>),
    /// In the order of the source; Python's own order is that of hashes.
    Set(Arc<[Value]>),
    Dict(Arc<[(Value, Value)]>),
    /// A class, function or constant outside the project, known by its path alone:
    /// `django.db.models.CASCADE`, `uuid.uuid4`.
    Name(DottedName),
    /// The call of something that is not followed into its body: a field, an operation, `Q(...)`, `uuid.uuid4()`.
    Call(Arc<Call>),
    /// `Q(a=1) | Q(b=2)`, `F("a") + 1`, `~Q(a=1)`: operators on values that stay symbolic.
    Operation(Arc<Operation>),
    Class(Arc<ClassDefinition>),
    Function(Arc<FunctionDefinition>),
    Module(DottedName),
    Unknown(Why),
    /// Among the items of a list, tuple or set: any number of others that are not known, or none.
    Rest(Why),
}

/// A string with the way back to the characters of its literals.
#[derive(Debug, Clone)]
pub struct Text {
    pub text: Arc<str>,
    pub map: Arc<SourceMap>,
}

/// `django.db.models.CharField`, by the public path that Django's documentation uses where there is one
/// (`django.db.models.fields.CharField` is brought to it), so that one class has one name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DottedName(Arc<str>);

#[derive(Debug, Clone)]
pub struct Call {
    pub callee: Value,
    pub arguments: Vec<Value>,
    pub keywords: Vec<(Arc<str>, Value)>,
    /// `*args` or `**kwargs` of something unknown: any argument may be missing from the lists.
    pub unknown_arguments: Option<Why>,
}

#[derive(Debug, Clone)]
pub struct Operation {
    pub operator: Operator,
    /// One operand for `Not` and `Negate`, two for the others.
    pub operands: Vec<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    And,
    Or,
    Xor,
    Not,
    Negate,
}

/// A class statement of a file that was read.
#[derive(Debug, Clone)]
pub struct ClassDefinition {
    /// Module and qualified name: `shop.models.Order.Meta`.
    pub name: DottedName,
    pub bases: Vec<Value>,
    /// `metaclass=...` and other keywords of the class statement.
    pub keywords: Vec<(Arc<str>, Value)>,
    pub decorators: Vec<Value>,
    /// Names bound in the body, in order of first binding, each with its last value.
    pub body: Vec<(Arc<str>, Value)>,
    /// Something in the body could not be followed, so that names may be missing.
    pub unknown_body: Option<Why>,
    /// The line of the class statement.
    pub origin: Origin,
    pub(super) above: OnceLock<Above>,
}

/// A function of a file that was read; its body is evaluated on a call, or looked into by a reader.
#[derive(Debug, Clone)]
pub struct FunctionDefinition {
    pub name: DottedName,
    pub origin: Origin,
    /// Where the body can be found again by the reader that holds the syntax tree.
    pub body: FunctionBody,
}

/// A handle to a function's syntax, opaque outside this module tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FunctionBody {
    pub(super) module: Arc<str>,
    pub(super) index: usize,
}

impl DottedName {
    pub fn new(path: impl Into<Arc<str>>) -> Self {
        Self(path.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the last dot.
    pub fn last(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or(&self.0)
    }
}

impl std::fmt::Display for DottedName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Call {
    /// `import_string(...)`, whatever path it is given.
    pub fn is_import_string(&self) -> bool {
        matches!(&self.callee.kind, ValueKind::Name(name) if name.last() == "import_string")
    }

    pub fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords
            .iter()
            .find(|(keyword, _)| &**keyword == name)
            .map(|(_, value)| value)
    }

    /// The argument that a signature calls `name` and puts at `position`.
    pub fn argument(&self, position: usize, name: &str) -> Option<&Value> {
        self.arguments.get(position).or_else(|| self.keyword(name))
    }
}

impl ClassDefinition {
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.body
            .iter()
            .find(|(bound, _)| &**bound == name)
            .map(|(_, value)| value)
    }
}

impl Value {
    pub fn unknown(why: Why, origin: Origin) -> Self {
        Self {
            kind: ValueKind::Unknown(why),
            origin,
        }
    }

    pub fn is_none(&self) -> bool {
        matches!(self.kind, ValueKind::None)
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::Str(text) => Some(&text.text),
            _ => None,
        }
    }

    /// The items of a list, a tuple or a set.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.kind {
            ValueKind::List(items) | ValueKind::Tuple(items) | ValueKind::Set(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_call(&self) -> Option<&Call> {
        match &self.kind {
            ValueKind::Call(call) => Some(call),
            _ => None,
        }
    }

    /// Why it is not known; looks at the value itself, not into it.
    pub fn why_unknown(&self) -> Option<&Why> {
        match &self.kind {
            ValueKind::Unknown(why) | ValueKind::Rest(why) => Some(why),
            _ => None,
        }
    }

    /// Why there may be items among those of a list that are not known to be there.
    pub fn why_open(&self) -> Option<&Why> {
        self.items()?.iter().find_map(|item| match &item.kind {
            ValueKind::Rest(why) => Some(why),
            _ => None,
        })
    }
}
