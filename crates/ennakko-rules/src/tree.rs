//! The one file that names rhai's syntax tree.
//!
//! It parses a rule file, takes each named entry of a map-valued function apart into a [`Piece`] that can be evaluated on
//! its own, and lists what each piece reads. rhai's `internals` have no compatibility promise: the shapes relied upon are
//! pinned by the tests below, which fail loudly when an upgrade changes one.

use std::collections::BTreeMap;
use std::sync::Arc;

use rhai::{AST, ASTNode, Engine, Expr, FnCallExpr, Position, Shared, Stmt};

use crate::diagnostic::Place;
use crate::literal::{Literal, Placed};

/// A parsed rule file.
pub(crate) struct Script {
    ast: AST,
    pub(crate) functions: BTreeMap<String, Function>,
    pub(crate) constants: Vec<(String, Place, Placed)>,
    /// Places of statements that a rule file must not have at its top level.
    pub(crate) stray: Vec<Place>,
}

/// A function as written.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) parameters: Vec<String>,
    pub(crate) place: Place,
    body: Arc<[Stmt]>,
    /// What the body reads, closures included.
    pub(crate) reads: Vec<Read>,
    /// Whether it stands in the folder's shared file.
    pub(crate) shared: bool,
}

/// One thing that a piece of script reads or calls, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) what: What,
    pub(crate) place: Place,
}

/// What is read or called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// `base.name`, with the variable it is read from if it is read directly from one.
    Property { base: Option<String>, name: String },
    /// `base.name(...)`
    Method { base: Option<String>, name: String, n_args: usize },
    /// `name(...)`; operators are not listed.
    Call { name: String, n_args: usize },
    /// `module::name(...)`
    ModuleCall { module: String, name: String },
    /// `module::name`
    ModuleValue { module: String, name: String },
    /// A variable.
    Variable(String),
    /// A construct that no rule may use, by the word for it.
    Refused(&'static str),
}

/// A piece of a rule that is evaluated on its own: a function's leading statements and one expression.
#[derive(Clone)]
pub(crate) struct Piece {
    pub(crate) ast: AST,
    pub(crate) parameters: Vec<String>,
    pub(crate) place: Place,
    pub(crate) reads: Vec<Read>,
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

/// Parses a rule file, with the folder's shared helpers beside it.
pub(crate) fn parse(engine: &Engine, text: &str, shared: &str) -> Result<Script, ParseProblem> {
    let compile = |text: &str| {
        engine
            .compile(text)
            .map_err(|error| ParseProblem { place: place_of(error.position(), 1), kind: error.err_type().clone() })
    };
    let own = compile(text)?;
    let own_names: Vec<String> = own.iter_functions().map(|function| function.name.to_string()).collect();
    let ast = if shared.is_empty() { own } else { compile(shared)?.clone_functions_only().merge(&own) };
    let mut constants = Vec::new();
    let mut stray = Vec::new();
    for statement in ast.statements() {
        match statement {
            Stmt::Var(var, ..) => {
                constants.push((var.0.name.to_string(), place_of(var.0.pos, var.0.name.len()), literal(&var.1)));
            }
            Stmt::Noop(_) => {}
            other => stray.push(place_of(other.position(), 1)),
        }
    }
    let names: Vec<(String, Vec<String>)> = ast
        .iter_functions()
        .map(|function| {
            (function.name.to_string(), function.params.iter().map(ToString::to_string).collect::<Vec<_>>())
        })
        .collect();
    let mut functions = BTreeMap::new();
    for (name, parameters) in names {
        let body = body_of(&ast, &name);
        let mut reads = Vec::new();
        for statement in &body {
            read_statement(statement, &mut reads);
        }
        let position = ast
            .iter_fn_def()
            .find(|definition| definition.name == name)
            .map_or(Position::NONE, |definition| definition.body.start_position());
        functions.insert(
            name.clone(),
            Function {
                parameters,
                place: place_of(position, 1),
                body: body.into(),
                reads,
                shared: !own_names.contains(&name),
            },
        );
    }
    Ok(Script { ast, functions, constants, stray })
}

/// rhai does not export the payload of a function, but a tree with only that function in it can be walked.
fn body_of(ast: &AST, name: &str) -> Vec<Stmt> {
    let mut one = ast.clone();
    one.clear_statements();
    one.retain_functions(|_, _, function, _| function == name);
    let mut body = Vec::new();
    one.walk(&mut |path: &[ASTNode]| {
        if let [ASTNode::Stmt(statement)] = path {
            body.push((*statement).clone());
        }
        true
    });
    body
}

impl Script {
    /// The whole body of a function as one piece.
    pub(crate) fn whole(&self, name: &str) -> Option<Piece> {
        let function = self.functions.get(name)?;
        Some(self.piece(function, function.body.to_vec(), function.place))
    }

    /// The entries of a function that ends in one map literal; `None` if it ends in anything else.
    pub(crate) fn entries(&self, name: &str) -> Option<Vec<Named>> {
        let function = self.functions.get(name)?;
        let (last, before) = function.body.split_last()?;
        let Stmt::Expr(last) = last else { return None };
        let Expr::Map(map, _) = &**last else { return None };
        Some(self.named(function, before, &map.0))
    }

    fn named(&self, function: &Function, before: &[Stmt], entries: &[(rhai::Ident, Expr)]) -> Vec<Named> {
        entries
            .iter()
            .map(|(name, expression)| Named {
                name: name.name.to_string(),
                place: place_of(name.pos, name.name.len()),
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
        let mut statements = before.to_vec();
        statements.push(Stmt::Expr(Box::new(expression.clone())));
        Entry::Leaf(self.piece(function, statements, place_of(expression.start_position(), 1)))
    }

    fn piece(&self, function: &Function, statements: Vec<Stmt>, place: Place) -> Piece {
        let mut reads = Vec::new();
        for statement in &statements {
            read_statement(statement, &mut reads);
        }
        let lib: Shared<rhai::Module> = self.ast.shared_lib().clone();
        Piece { ast: AST::new(statements, lib), parameters: function.parameters.clone(), place, reads }
    }
}

fn place_of(position: Position, length: usize) -> Place {
    Place { line: position.line().unwrap_or(1), column: position.position().unwrap_or(1).max(1), length: length.max(1) }
}

fn literal(expression: &Expr) -> Placed {
    let place = place_of(expression.start_position(), 1);
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
        _ => Literal::NotLiteral,
    };
    let place = match &literal {
        Literal::Text(text) => Place { length: text.chars().count() + 2, ..place },
        _ => place,
    };
    Placed { literal, place }
}

fn read_statement(statement: &Stmt, reads: &mut Vec<Read>) {
    let refused = |word: &'static str, position: Position| Read {
        what: What::Refused(word),
        place: place_of(position, word.len()),
    };
    match statement {
        Stmt::Noop(_) | Stmt::Share(_) => {}
        Stmt::If(flow, _) => {
            read_expression(&flow.expr, reads);
            flow.body.iter().chain(flow.branch.iter()).for_each(|inner| read_statement(inner, reads));
        }
        Stmt::Switch(switch, _) => {
            read_expression(&switch.0, reads);
            for case in &switch.1.expressions {
                read_expression(&case.lhs, reads);
                read_expression(&case.rhs, reads);
            }
        }
        Stmt::While(_, position) => reads.push(refused("while", *position)),
        Stmt::Do(_, _, position) => reads.push(refused("do", *position)),
        Stmt::TryCatch(_, position) => reads.push(refused("try", *position)),
        Stmt::Import(_, position) => reads.push(refused("import", *position)),
        Stmt::Export(_, position) => reads.push(refused("export", *position)),
        Stmt::For(parts, _) => {
            read_expression(&parts.2.expr, reads);
            parts.2.body.iter().for_each(|inner| read_statement(inner, reads));
        }
        Stmt::Var(var, ..) => read_expression(&var.1, reads),
        Stmt::Assignment(assignment) => {
            read_expression(&assignment.1.lhs, reads);
            read_expression(&assignment.1.rhs, reads);
        }
        Stmt::FnCall(call, position) => read_call(call, None, *position, reads),
        Stmt::Block(block) => block.iter().for_each(|inner| read_statement(inner, reads)),
        Stmt::Expr(expression) => read_expression(expression, reads),
        Stmt::BreakLoop(value, ..) => value.iter().for_each(|value| read_expression(value, reads)),
        Stmt::Return(value, flags, position) => {
            if flags.contains(rhai::ASTFlags::BREAK) {
                reads.push(refused("throw", *position));
            }
            value.iter().for_each(|value| read_expression(value, reads));
        }
        other => reads.push(refused("this construct", other.position())),
    }
}

fn read_expression(expression: &Expr, reads: &mut Vec<Read>) {
    match expression {
        Expr::Variable(variable, _, position) => {
            let name = variable.1.to_string();
            let what = if variable.2.is_empty() {
                What::Variable(name.clone())
            } else {
                What::ModuleValue { module: variable.2.to_string(), name: name.clone() }
            };
            reads.push(Read { what, place: place_of(*position, name.len()) });
        }
        Expr::InterpolatedString(items, _) | Expr::Array(items, _) => {
            items.iter().for_each(|item| read_expression(item, reads));
        }
        Expr::Map(map, _) => map.0.iter().for_each(|(_, value)| read_expression(value, reads)),
        Expr::Stmt(block) => block.iter().for_each(|inner| read_statement(inner, reads)),
        Expr::FnCall(call, position) => read_call(call, None, *position, reads),
        Expr::Dot(pair, ..) => {
            read_expression(&pair.lhs, reads);
            let base = match &pair.lhs {
                Expr::Variable(variable, ..) if variable.2.is_empty() => Some(variable.1.to_string()),
                _ => None,
            };
            read_member(&pair.rhs, base, reads);
        }
        Expr::Index(pair, ..) => {
            read_expression(&pair.lhs, reads);
            read_expression(&pair.rhs, reads);
        }
        Expr::And(items, _) | Expr::Or(items, _) | Expr::Coalesce(items, _) => {
            items.iter().for_each(|item| read_expression(item, reads));
        }
        Expr::ThisPtr(position) => {
            reads.push(Read { what: What::Refused("this"), place: place_of(*position, 4) });
        }
        Expr::DynamicConstant(..)
        | Expr::BoolConstant(..)
        | Expr::IntegerConstant(..)
        | Expr::CharConstant(..)
        | Expr::StringConstant(..)
        | Expr::Unit(_)
        | Expr::Property(..)
        | Expr::MethodCall(..) => {}
        other => reads.push(Read { what: What::Refused("this construct"), place: place_of(other.start_position(), 1) }),
    }
}

/// The right side of a dot: a property, a method, or a chain that begins with one.
fn read_member(expression: &Expr, base: Option<String>, reads: &mut Vec<Read>) {
    match expression {
        Expr::Property(property, position) => {
            let name = property.2.to_string();
            let place = place_of(*position, name.len());
            reads.push(Read { what: What::Property { base, name }, place });
        }
        Expr::MethodCall(call, position) => read_call(call, Some(base), *position, reads),
        Expr::Dot(pair, ..) => {
            read_member(&pair.lhs, base, reads);
            read_member(&pair.rhs, None, reads);
        }
        Expr::Index(pair, ..) => {
            read_member(&pair.lhs, base, reads);
            read_expression(&pair.rhs, reads);
        }
        other => read_expression(other, reads),
    }
}

fn read_call(call: &FnCallExpr, method_of: Option<Option<String>>, position: Position, reads: &mut Vec<Read>) {
    let name = call.name.to_string();
    let place = place_of(position, name.len());
    let n_args = call.args.len();
    if let Some(base) = method_of {
        reads.push(Read { what: What::Method { base, name, n_args }, place });
    } else if !call.namespace.is_empty() {
        reads.push(Read { what: What::ModuleCall { module: call.namespace.to_string(), name }, place });
    } else if call.op_token.is_none() {
        reads.push(Read { what: What::Call { name, n_args }, place });
    }
    call.args.iter().for_each(|argument| {
        // a closure is a function of its own, named in a constant
        if let Expr::DynamicConstant(value, _) = argument
            && let Some(pointer) = value.read_lock::<rhai::FnPtr>()
        {
            let name = pointer.fn_name().to_owned();
            reads.push(Read { what: What::Call { name, n_args: usize::MAX }, place });
        }
        read_expression(argument, reads);
    });
}
