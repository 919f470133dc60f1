//! The one file that names rhai's syntax tree.
//!
//! It parses a rule file, makes our own [tree](crate::expression) of each function, and takes each named entry of a map-valued
//! function apart into a [`Piece`] that the interpreter can evaluate on its own. rhai's `internals` have no compatibility promise: the shapes relied upon are
//! pinned by the tests below, which fail loudly when an upgrade changes one.

use std::collections::BTreeMap;
use std::sync::Arc;

use rhai::{
    AST, ASTFlags, ASTNode, Dynamic, Engine, Expr, FnCallExpr, FnPtr, Position, RangeCase, Shared, Stmt, StmtBlock,
    SwitchCasesCollection,
};

use crate::diagnostic::Place;
use crate::expression::{Case, CaseValue, Expression, FunctionTree, Kind, Let, Name, Operator, Span};
use crate::literal::{Literal, Placed};
use crate::source::{Source, place_of_function};

/// A parsed rule file.
pub(crate) struct Script {
    ast: AST,
    pub(crate) functions: BTreeMap<String, Function>,
    /// Every function but closures, which stand where they are written, as our own tree.
    pub(crate) trees: BTreeMap<String, FunctionTree>,
    pub(crate) constants: Vec<(String, Place, Placed)>,
    /// Places of statements that a rule file must not have at its top level.
    pub(crate) stray: Vec<Place>,
    /// Functions that have the name of another, whatever the number of their parameters.
    pub(crate) doubled: Vec<(String, Place)>,
}

/// A function as written. A closure is one too, under a name that rhai makes; what it captures comes first.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) parameters: Vec<String>,
    pub(crate) place: Place,
    body: Arc<[Stmt]>,
    /// Whether it stands in the folder's shared file.
    pub(crate) shared: bool,
}

/// A piece of a rule that is evaluated on its own: a function's leading statements and one expression.
#[derive(Clone)]
pub(crate) struct Piece {
    pub(crate) ast: AST,
    pub(crate) parameters: Vec<String>,
    pub(crate) place: Place,
}

/// An entry of a named map: a piece, or names nested under `any_of` or `all_of`.
#[derive(Clone)]
pub(crate) enum Entry {
    Leaf(Piece),
    AnyOf(Vec<Named>),
    AllOf(Vec<Named>),
}

/// An entry with its name.
#[derive(Clone)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) entry: Entry,
}

/// Why a file did not parse: rhai's words and the place.
pub(crate) struct ParseProblem {
    pub(crate) kind: rhai::ParseErrorType,
    pub(crate) place: Place,
}

/// Parses a rule file, with the folder's shared helpers beside it; these have been parsed before and are right.
pub(crate) fn parse(engine: &Engine, text: &str, shared: &str) -> Result<Script, ParseProblem> {
    let compile = |text: &str| {
        engine
            .compile(text)
            .map_err(|error| ParseProblem { place: place_of(error.position(), 1), kind: error.err_type().clone() })
    };
    let own = compile(text)?;
    let helpers = if shared.is_empty() { AST::empty() } else { compile(shared)?.clone_functions_only() };
    let (own_functions, shared_functions) = (signatures(&own), signatures(&helpers));
    let mut doubled = Vec::new();
    for (at, Signature { name, .. }) in own_functions.iter().enumerate() {
        let is_closure = name.starts_with(CLOSURE);
        let mut others = own_functions[..at].iter().chain(&shared_functions);
        if !is_closure && others.any(|other| other.name == *name) {
            doubled.push((name.clone(), place_of_function(text, name, usize::MAX)));
        }
    }
    let ast = if shared_functions.is_empty() { own } else { helpers.merge(&own) };
    let mut constants = Vec::new();
    let mut stray = Vec::new();
    for statement in ast.statements() {
        match statement {
            Stmt::Var(var, ..) => {
                constants.push((var.0.name.to_string(), place_of(var.0.pos, var.0.name.len()), literal(&var.1)));
            }
            Stmt::Noop(_) => {}
            other => stray.push(line_of(text, other.position())),
        }
    }
    let mut functions = BTreeMap::new();
    let written = own_functions.into_iter().map(|function| (function, false));
    for (Signature { line, name, parameters }, shared_function) in
        written.chain(shared_functions.into_iter().map(|function| (function, true)))
    {
        // of two functions with one name the first of the rule's own counts, and the other is told
        if functions.contains_key(&name) {
            continue;
        }
        let body = body_of(&ast, &name, parameters.len());
        let place = place_of_function(if shared_function { shared } else { text }, &name, line);
        functions.insert(name, Function { parameters, place, body: body.into(), shared: shared_function });
    }
    let trees = trees(&functions, text, shared);
    Ok(Script { ast, functions, trees, constants, stray, doubled })
}

/// A function as it is written: the line on which its body begins, its name, its parameters' names.
struct Signature {
    line: usize,
    name: String,
    parameters: Vec<String>,
}

/// The functions of a parsed text in the order in which they stand; rhai has them in no order of its own.
fn signatures(ast: &AST) -> Vec<Signature> {
    let mut definitions: Vec<_> = ast.iter_fn_def().collect();
    definitions.sort_by_key(|definition| {
        let begins = definition.body.start_position();
        (begins.line(), begins.position(), definition.name.clone(), definition.params.len())
    });
    let signature = |definition: &Shared<rhai::ScriptFuncDef>| Signature {
        line: definition.body.start_position().line().unwrap_or(1),
        name: definition.name.to_string(),
        parameters: definition.params.iter().map(ToString::to_string).collect(),
    };
    definitions.into_iter().map(signature).collect()
}

/// All of the line at a position.
fn line_of(text: &str, position: Position) -> Place {
    let line = position.line().unwrap_or(1);
    let written = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let column = written.chars().take_while(|c| c.is_whitespace()).count() + 1;
    Place { line, column, length: written.trim().chars().count().max(1) }
}

/// Where an expression begins; rhai has an operator at the place of its sign.
fn start_of(expression: &Expr) -> Position {
    match expression {
        Expr::FnCall(call, _) if call.op_token.is_some() && call.args.len() == 2 => {
            call.args.first().map_or(Position::NONE, start_of)
        }
        Expr::FnCall(call, _) if !call.namespace.is_empty() => call.namespace.position(),
        Expr::And(items, _) | Expr::Or(items, _) | Expr::Coalesce(items, _) => {
            items.first().map_or(Position::NONE, start_of)
        }
        other => other.start_position(),
    }
}

/// How the names begin that rhai makes for closures.
pub(crate) const CLOSURE: &str = "anon$";

/// rhai does not export the payload of a function, but a tree with only that function in it can be walked.
fn body_of(ast: &AST, name: &str, n_parameters: usize) -> Vec<Stmt> {
    let mut one = ast.clone();
    one.clear_statements();
    one.retain_functions(|_, _, function, n| function == name && n == n_parameters);
    let mut body = Vec::new();
    one.walk(&mut |path: &[ASTNode]| {
        if let [ASTNode::Stmt(statement)] = path {
            body.push((*statement).clone());
        }
        true
    });
    body
}

/// A function that ends in a map: it, the statements before the map, and the map's entries.
type LastMap<'s> = (&'s Function, &'s [Stmt], &'s [(rhai::Ident, Expr)]);

impl Script {
    /// The whole body of a function as one piece.
    pub(crate) fn whole(&self, name: &str) -> Option<Piece> {
        let function = self.functions.get(name)?;
        Some(self.piece(function, function.body.to_vec(), function.place))
    }

    /// The entries of a function that ends in one map literal, `any_of` and `all_of` taken apart; `None` if it ends in
    /// anything else.
    pub(crate) fn entries(&self, name: &str) -> Option<Vec<Named>> {
        self.last_map(name).map(|(function, before, entries)| self.named(function, before, entries))
    }

    /// The entries of a function that ends in one map literal, each as one value.
    pub(crate) fn values(&self, name: &str) -> Option<Vec<(String, Piece)>> {
        let (function, before, entries) = self.last_map(name)?;
        let value =
            |(name, expression): &(rhai::Ident, Expr)| (name.name.to_string(), self.leaf(function, before, expression));
        Some(entries.iter().map(value).collect())
    }

    fn last_map(&self, name: &str) -> Option<LastMap<'_>> {
        let function = self.functions.get(name)?;
        let (last, before) = function.body.split_last()?;
        let Stmt::Expr(last) = last else { return None };
        let Expr::Map(map, _) = &**last else { return None };
        Some((function, before, &map.0))
    }

    fn named(&self, function: &Function, before: &[Stmt], entries: &[(rhai::Ident, Expr)]) -> Vec<Named> {
        entries
            .iter()
            .map(|(name, expression)| Named {
                name: name.name.to_string(),
                place: place_of(name.pos, name.name.chars().count()),
                entry: self.entry(function, before, expression),
            })
            .collect()
    }

    fn entry(&self, function: &Function, before: &[Stmt], expression: &Expr) -> Entry {
        if let Expr::FnCall(call, _) = expression
            && call.namespace.is_empty()
            && let [Expr::Map(map, _)] = call.args.as_slice()
        {
            match call.name.as_str() {
                "any_of" => return Entry::AnyOf(self.named(function, before, &map.0)),
                "all_of" => return Entry::AllOf(self.named(function, before, &map.0)),
                _ => {}
            }
        }
        Entry::Leaf(self.leaf(function, before, expression))
    }

    fn leaf(&self, function: &Function, before: &[Stmt], expression: &Expr) -> Piece {
        let mut statements = before.to_vec();
        statements.push(Stmt::Expr(Box::new(expression.clone())));
        self.piece(function, statements, place_of(start_of(expression), 1))
    }

    fn piece(&self, function: &Function, statements: Vec<Stmt>, place: Place) -> Piece {
        let lib: Shared<rhai::Module> = self.ast.shared_lib().clone();
        Piece { ast: AST::new(statements, lib), parameters: function.parameters.clone(), place }
    }
}

fn place_of(position: Position, length: usize) -> Place {
    Place { line: position.line().unwrap_or(1), column: position.position().unwrap_or(1).max(1), length: length.max(1) }
}

fn literal(expression: &Expr) -> Placed {
    let place = place_of(start_of(expression), 1);
    let literal = match expression {
        Expr::BoolConstant(value, _) => Literal::Bool(*value),
        Expr::IntegerConstant(value, _) => Literal::Int(*value),
        Expr::StringConstant(text, _) => Literal::Text(text.to_string()),
        Expr::Array(items, _) => Literal::List(items.iter().map(literal).collect()),
        Expr::Map(map, _) => Literal::Map(
            map.0
                .iter()
                .map(|(name, value)| (name.name.to_string(), place_of(name.pos, name.name.len()), literal(value)))
                .collect(),
        ),
        _ => Literal::Computed,
    };
    let length = match &literal {
        Literal::Text(text) => text.chars().count() + 2,
        Literal::Int(number) => number.to_string().len(),
        Literal::Bool(true) => 4,
        Literal::Bool(false) => 5,
        Literal::List(_) | Literal::Map(_) | Literal::Computed => 1,
    };
    Placed { literal, place: Place { length, ..place } }
}

/// The function that rhai calls to hand captured variables to a closure.
const CURRY: &str = "curry";

/// The function behind a closure, which stands in the tree as a constant.
fn closure_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::DynamicConstant(value, _) => value.read_lock::<FnPtr>().map(|pointer| pointer.fn_name().to_owned()),
        _ => None,
    }
}

/// Functions as our own tree, each in the text that it stands in.
fn trees(functions: &BTreeMap<String, Function>, own: &str, shared: &str) -> BTreeMap<String, FunctionTree> {
    let (own, shared) = (Source::new(own), Source::new(shared));
    let written = functions.iter().filter(|(name, _)| !name.starts_with(CLOSURE));
    written
        .map(|(name, function)| {
            let source = if function.shared { &shared } else { &own };
            let start = source.offset(function.place.line, function.place.column);
            let whole = Span::new(start, source.after_brackets(start, b'{'));
            let tree = FunctionTree {
                name: Name { text: Arc::from(name.as_str()), span: Span::new(start, start + name.len()) },
                parameters: function.parameters.iter().map(|name| Arc::from(name.as_str())).collect(),
                body: Lower { source, functions }.sequence(&function.body, whole),
                shared: function.shared,
            };
            (name.clone(), tree)
        })
        .collect()
}

/// From rhai's tree to our own.
struct Lower<'l> {
    source: &'l Source<'l>,
    functions: &'l BTreeMap<String, Function>,
}

impl Lower<'_> {
    fn at(&self, position: Position) -> usize {
        self.source.offset(position.line().unwrap_or(1), position.position().unwrap_or(1))
    }

    fn name(&self, text: &str, position: Position) -> Name {
        let start = self.at(position);
        Name { text: Arc::from(text), span: Span::new(start, start + text.len()) }
    }

    /// The number, name, text or pair of brackets at a place.
    fn token(&self, position: Position) -> Span {
        let start = self.at(position);
        Span::new(start, self.source.after(start))
    }

    fn refused_at(&self, word: &'static str, position: Position, inside: Vec<Expression>) -> Expression {
        let start = self.at(position);
        refused(word, Span::new(start, start + word.len()), inside)
    }

    fn all<'e>(&self, expressions: impl IntoIterator<Item = &'e Expr>) -> Vec<Expression> {
        expressions.into_iter().map(|expression| self.expression(expression)).collect()
    }

    fn boxed(&self, expression: &Expr) -> Box<Expression> {
        Box::new(self.expression(expression))
    }

    fn block(&self, block: &StmtBlock) -> Expression {
        let span = match (block.position().is_none(), block.end_position().is_none()) {
            (false, false) => Span::new(self.at(block.position()), self.at(block.end_position()) + 1),
            (false, true) => {
                let start = self.at(block.position());
                Span::new(start, start)
            }
            _ => Span::default(),
        };
        self.sequence(block.statements(), span)
    }

    /// Statements that give names, then one value. What comes to nothing is refused.
    fn sequence(&self, statements: &[Stmt], span: Span) -> Expression {
        let mut lets = Vec::new();
        let told: Vec<&Stmt> =
            statements.iter().filter(|statement| !matches!(statement, Stmt::Noop(_) | Stmt::Share(_))).collect();
        for (at, statement) in told.iter().enumerate() {
            let is_last = at + 1 == told.len();
            let value = match statement {
                Stmt::Var(var, ..) => {
                    lets.push(Let { name: self.name(&var.0.name, var.0.pos), value: self.expression(&var.1) });
                    continue;
                }
                Stmt::If(flow, position) if !is_last && flow.branch.is_empty() && leaves(flow.body.statements()) => {
                    let rest = told.get(at + 1..).unwrap_or_default();
                    let rest: Vec<Stmt> = rest.iter().map(|statement| (*statement).clone()).collect();
                    let start = self.at(*position);
                    let otherwise = self.sequence(&rest, Span::new(start, span.end));
                    let kind = Kind::If {
                        test: self.boxed(&flow.expr),
                        then: Box::new(self.block(&flow.body)),
                        otherwise: Some(Box::new(otherwise)),
                    };
                    Expression { span: Span::new(start, span.end), kind }
                }
                statement if is_last => self.statement(statement),
                statement => {
                    let lost = self.statement(statement);
                    // what is refused already is told once, by its own word
                    let rest = told.get(at + 1..).unwrap_or_default().iter().map(|rest| self.statement(rest));
                    let (word, span) = match &lost.kind {
                        Kind::Refused { word, .. } => (*word, lost.span),
                        _ => (LOST, lost.span),
                    };
                    let inside = match lost.kind {
                        Kind::Refused { inside, .. } => inside.into_iter().chain(rest).collect(),
                        _ => std::iter::once(lost).chain(rest).collect(),
                    };
                    refused(word, span, inside)
                }
            };
            // without brackets of its own: the body of a closure, or a branch of an `if`
            let is_bare = span.start == span.end;
            if lets.is_empty() && is_bare {
                return value;
            }
            let first: Option<&Let> = lets.first();
            let whole = if is_bare { first.map_or(value.span, |first| first.name.span.to(value.span)) } else { span };
            return Expression { span: whole, kind: Kind::Block { lets, value: Some(Box::new(value)) } };
        }
        Expression { span, kind: Kind::Block { lets, value: None } }
    }

    fn statement(&self, statement: &Stmt) -> Expression {
        match statement {
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::Block(block) => self.block(block),
            Stmt::If(flow, position) => {
                let start = self.at(*position);
                let then = self.block(&flow.body);
                let otherwise = (!flow.branch.is_empty()).then(|| Box::new(self.block(&flow.branch)));
                let end = otherwise.as_ref().map_or(then.span.end, |otherwise| otherwise.span.end);
                let kind = Kind::If { test: self.boxed(&flow.expr), then: Box::new(then), otherwise };
                Expression { span: Span::new(start, end), kind }
            }
            Stmt::Switch(parts, position) => self.switch(&parts.0, &parts.1, *position),
            Stmt::While(flow, position) => {
                let inside = self.flow(&flow.expr, &[&flow.body]);
                self.refused_at("while", *position, inside)
            }
            Stmt::Do(flow, _, position) => {
                let inside = self.flow(&flow.expr, &[&flow.body]);
                self.refused_at("do", *position, inside)
            }
            Stmt::TryCatch(flow, position) => {
                let inside = self.flow(&flow.expr, &[&flow.body, &flow.branch]);
                self.refused_at("try", *position, inside)
            }
            Stmt::For(parts, position) => {
                let inside = self.flow(&parts.2.expr, &[]);
                self.refused_at("for", *position, inside)
            }
            Stmt::Assignment(assignment) => {
                let (sign, pair) = &**assignment;
                let word = if sign.is_op_assignment() { "op=" } else { "=" };
                let start = self.at(sign.position());
                let length = if sign.is_op_assignment() { 2 } else { 1 };
                refused(word, Span::new(start, start + length), self.all([&pair.lhs, &pair.rhs]))
            }
            Stmt::Return(value, flags, position) if flags.contains(ASTFlags::BREAK) => {
                self.refused_at("throw", *position, self.all(value.as_deref()))
            }
            Stmt::Return(value, _, position) => match value {
                Some(value) => self.expression(value),
                None => Expression { span: self.token(*position), kind: Kind::Block { lets: Vec::new(), value: None } },
            },
            Stmt::BreakLoop(value, _, position) => self.refused_at("break", *position, self.all(value.as_deref())),
            Stmt::Import(parts, position) => self.refused_at("import", *position, self.all([&parts.0])),
            Stmt::Export(_, position) => self.refused_at("export", *position, Vec::new()),
            // a name given last is given for nothing
            Stmt::Var(var, _, position) => {
                let value = self.expression(&var.1);
                refused(LOST, Span::new(self.at(*position), value.span.end), vec![value])
            }
            other => self.refused_at("this construct", other.position(), Vec::new()),
        }
    }

    fn flow(&self, test: &Expr, blocks: &[&StmtBlock]) -> Vec<Expression> {
        let blocks = blocks.iter().map(|block| self.block(block));
        std::iter::once(self.expression(test)).chain(blocks).collect()
    }

    fn switch(&self, of: &Expr, parts: &SwitchCasesCollection, position: Position) -> Expression {
        let start = self.at(position);
        let of = self.expression(of);
        let end = self.source.after_brackets(of.span.end, b'{');
        // by the number of the block, which is the order in which they are written; the map's own order says nothing
        let mut values: BTreeMap<usize, Vec<CaseValue>> = BTreeMap::new();
        let mut exact: Vec<(&[usize], CaseValue)> = Vec::new();
        #[expect(clippy::iter_over_hash_type, reason = "sorted below by the order of writing")]
        for case in parts.cases.values() {
            // a range stands among the single values too, for a switch over ranges; below it comes as what it means, but
            // not one that is empty
            let is_empty = match (
                case.value.read_lock::<std::ops::Range<i64>>(),
                case.value.read_lock::<std::ops::RangeInclusive<i64>>(),
            ) {
                (Some(range), _) => Some(range.is_empty()),
                (_, Some(range)) => Some(range.is_empty()),
                (None, None) => None,
            };
            if is_empty == Some(false) {
                continue;
            }
            exact.push((&case.blocks, case_value(&case.value)));
        }
        exact.sort_by(|one, other| {
            one.0.cmp(other.0).then_with(|| format!("{:?}", one.1).cmp(&format!("{:?}", other.1)))
        });
        for (blocks, value) in exact {
            for block in blocks {
                values.entry(*block).or_default().push(value.clone());
            }
        }
        for range in &parts.ranges {
            let (value, block) = match range {
                RangeCase::ExclusiveInt(range, block) => {
                    (CaseValue::Range { from: range.start, to: range.end, inclusive: false }, *block)
                }
                RangeCase::InclusiveInt(range, block) => {
                    (CaseValue::Range { from: *range.start(), to: *range.end(), inclusive: true }, *block)
                }
            };
            values.entry(block).or_default().push(value);
        }
        let mut cases = Vec::new();
        for (block, values) in values {
            let Some(pair) = parts.expressions.get(block) else { continue };
            let value = self.expression(&pair.rhs);
            let guard = match &pair.lhs {
                Expr::BoolConstant(true, _) => None,
                guard => Some(self.expression(guard)),
            };
            cases.push(Case { values, guard, span: value.span, value });
        }
        let otherwise = parts.def_case.and_then(|block| parts.expressions.get(block)).map(|pair| self.boxed(&pair.rhs));
        Expression { span: Span::new(start, end), kind: Kind::Switch { of: Box::new(of), cases, otherwise } }
    }

    fn expression(&self, expression: &Expr) -> Expression {
        match expression {
            Expr::Unit(position) => Expression { span: self.token(*position), kind: Kind::None },
            Expr::BoolConstant(value, position) => Expression { span: self.token(*position), kind: Kind::Bool(*value) },
            Expr::IntegerConstant(value, position) => {
                Expression { span: self.token(*position), kind: Kind::Int(*value) }
            }
            Expr::StringConstant(text, position) => {
                Expression { span: self.token(*position), kind: Kind::Text(Arc::from(text.as_str())) }
            }
            Expr::CharConstant(_, position) => refused("'", self.token(*position), Vec::new()),
            Expr::InterpolatedString(items, position) => refused("${", self.token(*position), self.all(items.iter())),
            Expr::Array(items, position) => {
                Expression { span: self.token(*position), kind: Kind::Array(self.all(items.iter())) }
            }
            Expr::Map(map, position) => {
                let entries =
                    map.0.iter().map(|(name, value)| (self.entry_name(name), self.expression(value))).collect();
                Expression { span: self.token(*position), kind: Kind::Map(entries) }
            }
            Expr::Variable(variable, _, position) if variable.2.is_empty() => {
                let name = self.name(&variable.1, *position);
                Expression { span: name.span, kind: Kind::Variable(name.text) }
            }
            Expr::Variable(variable, _, position) => {
                let module = self.name(&variable.2.to_string(), variable.2.position());
                let name = self.name(&variable.1, *position);
                // the position of a qualified name is that of its module
                let name = if name.span.start < module.span.end { self.behind(&module, &variable.1) } else { name };
                let span = module.span.to(name.span);
                Expression { span, kind: Kind::Module { module, name, arguments: None } }
            }
            Expr::ThisPtr(position) => self.refused_at("this", *position, Vec::new()),
            Expr::Stmt(block) => self.block(block),
            Expr::FnCall(call, position) => self.call(call, *position),
            Expr::Dot(pair, flags, _) => {
                let base = self.expression(&pair.lhs);
                self.chain(base, &pair.rhs, flags.contains(ASTFlags::NEGATED))
            }
            Expr::Index(pair, flags, _) => {
                let base = self.expression(&pair.lhs);
                self.indexed(base, &pair.rhs, *flags)
            }
            Expr::And(items, _) => self.joined(items, Kind::And),
            Expr::Or(items, _) => self.joined(items, Kind::Or),
            Expr::Coalesce(items, _) => self.joined(items, Kind::Coalesce),
            Expr::DynamicConstant(_, position) => match closure_of(expression) {
                Some(name) => self.closure(&name, 0, *position),
                None => self.refused_at("this construct", *position, Vec::new()),
            },
            other => self.refused_at("this construct", other.start_position(), Vec::new()),
        }
    }

    /// The name of an entry of a map; written in quotes, they belong to it.
    fn entry_name(&self, name: &rhai::Ident) -> Name {
        Name { text: Arc::from(name.name.as_str()), span: self.token(name.pos) }
    }

    /// A name that stands behind `module::`.
    fn behind(&self, module: &Name, name: &str) -> Name {
        let mut start = module.span.end;
        while start < module.span.end + NAMESPACE_GAP_MAX && !self.source.has(start, name) {
            start += 1;
        }
        Name { text: Arc::from(name), span: Span::new(start, start + name.len()) }
    }

    fn joined(&self, items: &[Expr], kind: impl Fn(Vec<Expression>) -> Kind) -> Expression {
        let items = self.all(items);
        let span = match (items.first(), items.last()) {
            (Some(first), Some(last)) => self.source.balanced(first.span.to(last.span)),
            _ => Span::default(),
        };
        Expression { span, kind: kind(items) }
    }

    /// What follows a dot, and what follows that.
    fn chain(&self, base: Expression, rest: &Expr, safe: bool) -> Expression {
        match rest {
            Expr::Property(property, position) => {
                let name = self.name(&property.2, *position);
                let span = self.source.balanced(base.span.to(name.span));
                Expression { span, kind: Kind::Property { of: Box::new(base), name, safe } }
            }
            Expr::MethodCall(call, position) => {
                let name = self.name(&call.name, *position);
                let end = self.source.after_brackets(name.span.end, b'(');
                let span = self.source.balanced(Span::new(base.span.start, end));
                let of = Box::new(base);
                let mut arguments = self.all(call.args.iter());
                let kind = match (&*name.text, arguments.len()) {
                    ("contains", 1) => Kind::In { item: Box::new(arguments.remove(0)), list: of, negated: false },
                    _ => Kind::Method { of, name, arguments, safe },
                };
                Expression { span, kind }
            }
            Expr::Dot(pair, flags, _) => {
                let base = self.chain(base, &pair.lhs, safe);
                self.chain(base, &pair.rhs, flags.contains(ASTFlags::NEGATED))
            }
            Expr::Index(pair, flags, _) => {
                let base = self.chain(base, &pair.lhs, safe);
                self.indexed(base, &pair.rhs, *flags)
            }
            other => {
                let inside = vec![base, self.expression(other)];
                self.refused_at("this construct", other.start_position(), inside)
            }
        }
    }

    /// What stands in brackets, and the chain after them.
    fn indexed(&self, base: Expression, rest: &Expr, flags: ASTFlags) -> Expression {
        let item = |base: Expression, index: &Expr| {
            let end = self.source.after_brackets(base.span.end, b'[');
            let span = self.source.balanced(Span::new(base.span.start, end));
            Expression { span, kind: Kind::Index { of: Box::new(base), index: self.boxed(index) } }
        };
        match rest {
            Expr::Dot(pair, inner, _) if !flags.contains(ASTFlags::BREAK) => {
                let base = item(base, &pair.lhs);
                self.chain(base, &pair.rhs, inner.contains(ASTFlags::NEGATED))
            }
            Expr::Index(pair, inner, _) if !flags.contains(ASTFlags::BREAK) => {
                let base = item(base, &pair.lhs);
                self.indexed(base, &pair.rhs, *inner)
            }
            index => item(base, index),
        }
    }

    fn call(&self, call: &FnCallExpr, position: Position) -> Expression {
        let start = self.at(position);
        let arguments = call.args.as_slice();
        if let (CURRY, [closure, captured @ ..]) = (call.name.as_str(), arguments)
            && let Some(name) = closure_of(closure)
        {
            return self.closure(&name, captured.len(), closure.start_position());
        }
        if !call.namespace.is_empty() {
            let module = self.name(&call.namespace.to_string(), call.namespace.position());
            let name = self.behind(&module, &call.name);
            let span = Span::new(module.span.start, self.source.after_brackets(name.span.end, b'('));
            let arguments = Some(self.all(arguments));
            return Expression { span, kind: Kind::Module { module, name, arguments } };
        }
        match (call.name.as_str(), arguments, call.op_token.is_some()) {
            // `item in list`; rhai asks the list
            ("contains", [list, item], false) if !self.source.has(start, "contains") => self.within(item, list, false),
            ("contains", [list, item], true) => self.within(item, list, true),
            ("!", [Expr::FnCall(inner, _)], _) if inner.name == "contains" && inner.op_token.is_some() => {
                self.call(inner, position)
            }
            ("contains", [list, item], _) => {
                let span = Span::new(start, self.source.after_brackets(start, b'('));
                let kind = Kind::In { item: self.boxed(item), list: self.boxed(list), negated: false };
                Expression { span, kind }
            }
            (sign, [operand], true) => {
                let operand = self.boxed(operand);
                let span = self.source.balanced(Span::new(start, operand.span.end));
                match sign {
                    "!" => Expression { span, kind: Kind::Not(operand) },
                    "-" => Expression { span, kind: Kind::Negate(operand) },
                    "+" => *operand,
                    _ => refused("this construct", span, vec![*operand]),
                }
            }
            (sign, [left, right], true) => self.binary(sign, start, left, right),
            (name, _, _) => {
                let word = call.capture_parent_scope.then_some("!(");
                let name = Name { text: Arc::from(name), span: Span::new(start, start + name.len()) };
                let span = Span::new(start, self.source.after_brackets(name.span.end, b'('));
                let arguments = self.all(arguments);
                match word {
                    Some(word) => refused(word, span, arguments),
                    None => Expression { span, kind: Kind::Call { name, arguments } },
                }
            }
        }
    }

    fn within(&self, item: &Expr, list: &Expr, negated: bool) -> Expression {
        let (item, list) = (self.boxed(item), self.boxed(list));
        let span = self.source.balanced(item.span.to(list.span));
        Expression { span, kind: Kind::In { item, list, negated } }
    }

    fn binary(&self, sign: &str, at: usize, left: &Expr, right: &Expr) -> Expression {
        let (left, right) = (self.boxed(left), self.boxed(right));
        let span = self.source.balanced(left.span.to(right.span));
        let at = Span::new(at, at + sign.len());
        let kind = match (sign, Operator::of_sign(sign)) {
            (".." | "..=", _) => Kind::Range { from: left, to: right, inclusive: sign == "..=" },
            (_, Some(operator)) => Kind::Binary { operator, sign: at, left, right },
            _ => Kind::Refused { word: "this construct", inside: vec![*left, *right] },
        };
        Expression { span, kind }
    }

    /// A closure where it is written; the variables it captures have their own names inside.
    fn closure(&self, name: &str, n_captured: usize, position: Position) -> Expression {
        let start = self.at(position);
        let Some(function) = self.functions.get(name) else {
            return self.refused_at("this construct", position, Vec::new());
        };
        let body = self.sequence(&function.body, Span::default());
        let parameters = function.parameters.iter().skip(n_captured);
        let parameters = parameters
            .map(|text| {
                let mut at = start;
                while at < body.span.start && !self.source.has(at, text) {
                    at += 1;
                }
                Name { text: Arc::from(text.as_str()), span: Span::new(at, at + text.len()) }
            })
            .collect();
        let span = Span::new(start, body.span.end.max(start + 1));
        Expression { span, kind: Kind::Closure { parameters, body: Box::new(body) } }
    }
}

fn refused(word: &'static str, span: Span, inside: Vec<Expression>) -> Expression {
    Expression { span, kind: Kind::Refused { word, inside } }
}

/// The word for a statement whose value nobody gets.
pub(crate) const LOST: &str = "a statement";

/// Spaces that may stand between a module and its name.
const NAMESPACE_GAP_MAX: usize = 40;

/// Whether statements end in `return`, whatever happens.
fn leaves(statements: &[Stmt]) -> bool {
    match statements.iter().rfind(|statement| !matches!(statement, Stmt::Noop(_))) {
        Some(Stmt::Return(_, flags, _)) => !flags.contains(ASTFlags::BREAK),
        Some(Stmt::If(flow, _)) => leaves(flow.body.statements()) && leaves(flow.branch.statements()),
        Some(Stmt::Block(block)) => leaves(block.statements()),
        _ => false,
    }
}

fn case_value(value: &Dynamic) -> CaseValue {
    if value.is_unit() {
        CaseValue::None
    } else if let Ok(value) = value.as_bool() {
        CaseValue::Bool(value)
    } else if let Ok(value) = value.as_int() {
        CaseValue::Int(value)
    } else if let Some(text) = value.read_lock::<rhai::ImmutableString>() {
        CaseValue::Text(Arc::from(text.as_str()))
    } else {
        CaseValue::Other
    }
}

#[cfg(test)]
mod lowered;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod switch;
