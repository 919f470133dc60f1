//! What the parameters of a rule's functions stand for, followed from the form through helpers and closures.
//!
//! A fact may be open about the subject and closed about a custodian; so it must be known whose it is.

use std::collections::BTreeMap;

use super::form::FORM;
use crate::tree::{Function, Script, What};

/// What a variable stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Whom the rule is about.
    Subject,
    /// The day.
    Day,
    /// The occasion.
    Occasion,
    /// Anything else, such as a custodian; or one thing here and another there.
    Other,
}

/// The roles of the parameters of every function that the rule's own functions lead to.
pub(super) struct Roles {
    by_function: BTreeMap<String, Vec<Option<Role>>>,
}

impl Roles {
    pub(super) fn of(script: &Script) -> Self {
        let mut roles = Self { by_function: BTreeMap::new() };
        for (name, _) in FORM {
            if let Some(function) = script.functions.get(*name) {
                let known = [Role::Subject, Role::Day, Role::Occasion].map(Some);
                let of_form =
                    (0..function.parameters.len()).map(|at| known.get(at).copied().unwrap_or(Some(Role::Other)));
                roles.by_function.insert((*name).to_owned(), of_form.collect());
            }
        }
        // each pass only adds functions or turns a role into `Other`, so this ends
        while roles.pass(script) {}
        roles
    }

    fn pass(&mut self, script: &Script) -> bool {
        let mut changed = false;
        let reached: Vec<String> = self.by_function.keys().cloned().collect();
        for caller in reached {
            let Some(function) = script.functions.get(&caller) else { continue };
            for read in &function.reads {
                let (callee, arguments) = match &read.what {
                    What::Call { name, arguments } => (name, arguments.clone()),
                    What::Closure { name, captured } => (name, captured.iter().cloned().map(Some).collect()),
                    _ => continue,
                };
                let Some(n) = script.functions.get(callee).map(|function| function.parameters.len()) else { continue };
                for at in 0..n {
                    let argument = arguments.get(at).and_then(Option::as_deref);
                    let role = argument.map_or(Role::Other, |name| self.role(&caller, function, name));
                    changed |= self.meet(callee, n, at, role);
                }
                changed |= self.meet(callee, n, usize::MAX, Role::Other);
            }
        }
        changed
    }

    fn meet(&mut self, callee: &str, n_parameters: usize, at: usize, role: Role) -> bool {
        let is_new = !self.by_function.contains_key(callee);
        let roles = self.by_function.entry(callee.to_owned()).or_insert_with(|| vec![None; n_parameters]);
        let Some(known) = roles.get_mut(at) else { return is_new };
        let met = match *known {
            None => role,
            Some(known) if known == role => role,
            Some(_) => Role::Other,
        };
        let changed = *known != Some(met);
        *known = Some(met);
        is_new || changed
    }

    /// Whether the rule's own functions lead to a function.
    pub(super) fn reaches(&self, function: &str) -> bool {
        self.by_function.contains_key(function)
    }

    /// What a variable of a function stands for.
    pub(super) fn role(&self, name: &str, function: &Function, variable: &str) -> Role {
        if function.given_names.contains(variable) {
            return Role::Other;
        }
        let at = function.parameters.iter().position(|parameter| parameter == variable);
        let roles = self.by_function.get(name);
        at.and_then(|at| *roles?.get(at)?).unwrap_or(Role::Other)
    }
}
