//! Our own small tree of a rule's script: what the author wrote, with a span on every node and nothing of rhai in it.
//!
//! Made by [`tree`](crate::tree), read by the checker, which knows types and makes [`Step`](crate::step::Step)s of it. The
//! language is without side effects: names are given once, with `let`, and nothing is set, so that a piece means the same
//! wherever it stands. What a rule may not use is kept as [`Kind::Refused`], so that everything wrong is told at once.

use std::sync::Arc;

/// Bytes of a file's text, from the first to before the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }

    pub(crate) fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}

/// A name as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: Arc<str>,
    pub(crate) span: Span,
}

/// One expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expression {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// `()`
    None,
    Bool(bool),
    Int(i64),
    Text(Arc<str>),
    /// `[a, b]`
    Array(Vec<Expression>),
    /// `a..b`, `a..=b`
    Range {
        from: Box<Expression>,
        to: Box<Expression>,
        inclusive: bool,
    },
    /// `#{ name: value }`
    Map(Vec<(Name, Expression)>),
    Variable(Arc<str>),
    /// `module::name`, `module::name(...)`
    Module {
        module: Name,
        name: Name,
        arguments: Option<Vec<Expression>>,
    },
    /// `of.name`; `safe`: `of?.name`
    Property {
        of: Box<Expression>,
        name: Name,
        safe: bool,
    },
    /// `of.name(...)`
    Method {
        of: Box<Expression>,
        name: Name,
        arguments: Vec<Expression>,
        safe: bool,
    },
    /// `of[index]`
    Index {
        of: Box<Expression>,
        index: Box<Expression>,
    },
    /// `name(...)`, of the rule language, the file or the shared file
    Call {
        name: Name,
        arguments: Vec<Expression>,
    },
    /// `|a, b| body`
    Closure {
        parameters: Vec<Name>,
        body: Box<Expression>,
    },
    Not(Box<Expression>),
    /// `-a`
    Negate(Box<Expression>),
    Binary {
        operator: Operator,
        sign: Span,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    /// `item in list`, also written `contains(list, item)` or `list.contains(item)`; `negated`: `item !in list`
    In {
        item: Box<Expression>,
        list: Box<Expression>,
        negated: bool,
    },
    /// Two or more, flat
    And(Vec<Expression>),
    Or(Vec<Expression>),
    /// `a ?? b`
    Coalesce(Vec<Expression>),
    If {
        test: Box<Expression>,
        then: Box<Expression>,
        otherwise: Option<Box<Expression>>,
    },
    Switch {
        of: Box<Expression>,
        cases: Vec<Case>,
        otherwise: Option<Box<Expression>>,
    },
    /// `{ let a = ...; value }`; without a value it comes to nothing
    Block {
        lets: Vec<Let>,
        value: Option<Box<Expression>>,
    },
    /// Something that no rule may use, by the word for it; what stands inside is kept for the check of names.
    Refused {
        word: &'static str,
        inside: Vec<Expression>,
    },
}

/// `let name = value;`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Let {
    pub(crate) name: Name,
    pub(crate) value: Expression,
}

/// One case of a `switch`; the first that fits is taken, with all single values tried before any range.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Case {
    pub(crate) values: Vec<CaseValue>,
    /// `if test`
    pub(crate) guard: Option<Expression>,
    pub(crate) value: Expression,
    pub(crate) span: Span,
}

/// What a case stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CaseValue {
    None,
    Bool(bool),
    Int(i64),
    Text(Arc<str>),
    /// Whole numbers from the first to before the second.
    Range {
        from: i64,
        to: i64,
        inclusive: bool,
    },
    /// Anything else, which is refused.
    Other,
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    /// Another, which is refused: `**`, `&`, `|`, `^`, `<<`, `>>`.
    Other(&'static str),
}

impl Operator {
    /// The operator of a sign.
    pub(crate) fn of_sign(sign: &str) -> Option<Self> {
        Some(match sign {
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "%" => Self::Remainder,
            "**" => Self::Other("**"),
            "&" => Self::Other("&"),
            "|" => Self::Other("|"),
            "^" => Self::Other("^"),
            "<<" => Self::Other("<<"),
            ">>" => Self::Other(">>"),
            _ => return None,
        })
    }

    pub(crate) fn is_order(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual)
    }
}

/// A function of a rule file or of the shared file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FunctionTree {
    pub(crate) name: Name,
    pub(crate) parameters: Vec<Arc<str>>,
    pub(crate) body: Expression,
    /// Whether it stands in the folder's shared file, which its spans then refer to.
    pub(crate) shared: bool,
}
