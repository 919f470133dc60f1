//! A folder of rules: everything in it read and checked, all findings at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ennakko_core::RuleId;
use ennakko_core::city::{ByLanguage, City, Purpose};
use ennakko_core::fact_table::{FactDeclaration, SubjectKind};

use crate::across::Across;
use crate::calendar::Calendars;
use crate::check::{self, Check};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::engine;
use crate::page::Page;
use crate::parameters::{ParameterValue, Parameters, TryError};
use crate::rule::Rule;
use crate::settings::{self, Approval, CodeLists, is_name};
use crate::texts::TextFile;

/// Characters that a file may have at most.
const FILE_MAX: usize = 200_000;
/// Characters that one line may have at most.
const LINE_MAX: usize = 10_000;

/// One file of a rule folder, as the caller read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// Its path, as findings shall name it.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
}

impl RuleFile {
    /// A file from its path and text.
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: Arc::from(path), text: Arc::from(text) }
    }

    /// The same without the mark that some editors put before the first character.
    fn without_mark(&self) -> Self {
        match self.text.strip_prefix('\u{feff}') {
            Some(text) => Self { path: self.path.clone(), text: Arc::from(text) },
            None => self.clone(),
        }
    }

    /// That the file, or a line of it, is longer than anything that somebody would write and read; it is looked at no further.
    pub(crate) fn too_long(&self, code: Code) -> Option<Diagnostic> {
        let error = |place, message: String| {
            Diagnostic::error(code, &self.path, &self.text, place, message).with_help("take it apart")
        };
        if self.text.chars().count() > FILE_MAX {
            let message = format!("this file is longer than {},000 characters", FILE_MAX / 1000);
            return Some(error(Place::START, message));
        }
        let line = self.text.lines().position(|line| line.chars().count() > LINE_MAX)?;
        let place = Place { line: line + 1, column: 1, length: 1 };
        Some(error(place, format!("this line is longer than {},000 characters", LINE_MAX / 1000)))
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path)
    }
}

/// The city's tables.
#[derive(Clone, Debug)]
pub struct Tables {
    /// `city.toml`
    pub city: City,
    /// `purposes.toml`
    pub purposes: BTreeMap<String, Purpose>,
    /// `parameters.toml`
    pub parameters: Parameters,
    /// `calendar.toml`
    pub calendars: Calendars,
    /// `facts.toml`
    pub facts: Vec<FactDeclaration>,
    /// `code_lists.toml`
    pub code_lists: CodeLists,
    /// `laws.toml`
    pub laws: BTreeMap<String, ByLanguage>,
}

/// A checked folder of rules.
pub struct RuleSet {
    pub(crate) tables: Arc<Tables>,
    pub(crate) rules: BTreeMap<RuleId, Vec<Rule>>,
    pub(crate) pages: BTreeMap<RuleId, Page>,
    texts: Vec<TextFile>,
    approvals: BTreeMap<String, Approval>,
}

/// A folder that cannot be used at all, with the findings that say why.
#[derive(Debug)]
pub struct Unusable {
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

impl RuleSet {
    /// Reads and checks a folder. Rules with errors are left out; the findings say why, sorted by file and line.
    ///
    /// # Errors
    /// * [`Unusable`] when there is no usable `city.toml`, so that no rule can mean anything
    pub fn load(files: &[RuleFile]) -> Result<(Self, Vec<Diagnostic>), Unusable> {
        let mut diagnostics = Vec::new();
        let mut folder = Folder::sort(files, &mut diagnostics);
        let Some(tables) = folder.tables(&mut diagnostics) else {
            diagnostics.sort();
            return Err(Unusable { diagnostics });
        };
        let tables = Arc::new(tables);
        let texts: Vec<TextFile> = folder
            .texts
            .iter()
            .map(|(owner, language, file)| TextFile::read(owner, language, file, &mut diagnostics))
            .collect();
        let pages: BTreeMap<RuleId, Page> =
            folder.pages.iter().map(|(id, file)| (RuleId::new(id), Page::read(file, &mut diagnostics))).collect();
        let across = Across { files: &folder.named, tables: &tables };
        across.texts(&texts, &mut diagnostics);
        if !folder.rules.is_empty() {
            check::common_texts(&tables, &texts, &mut diagnostics);
        }
        let mut rules = folder.checked_rules(&tables, &texts, &pages, &mut diagnostics);
        let of_households = |rule: &Rule| rule.card.subject == SubjectKind::Household;
        check::common_placeholders(&texts, rules.values().flatten().any(of_households), &mut diagnostics);
        let broken = |id: &str| {
            let mut versions = folder.rules.iter().filter(|(rule, _)| rule == id);
            versions.any(|(_, file)| diagnostics.iter().any(|found| found.is_error() && found.path == file.path))
        };
        rules.retain(|id, _| !broken(id.as_str()));
        for (id, file) in &folder.pages {
            if !folder.rules.iter().any(|(rule, _)| rule == id) && &**id != "README" {
                diagnostics.push(
                    Diagnostic::error(
                        Code::Page,
                        &file.path,
                        &file.text,
                        Place::START,
                        format!("no rule is called `{id}`"),
                    )
                    .with_help(format!("name the page after its rule, or write `{id}.rhai`"))
                    .as_warning(),
                );
            }
        }
        let versions: BTreeSet<&str> = folder.rules.iter().filter_map(|(_, file)| version_of(file)).collect();
        let all: Vec<&Rule> = rules.values().flatten().collect();
        across.approvals(&folder.approvals, &versions, &all, &mut diagnostics);
        diagnostics.sort();
        diagnostics.dedup();
        Ok((Self { tables, rules, pages, texts, approvals: folder.approvals }, diagnostics))
    }

    /// The city's tables.
    pub fn tables(&self) -> &Arc<Tables> {
        &self.tables
    }

    /// Ids of the rules, in order.
    pub fn ids(&self) -> impl Iterator<Item = &RuleId> {
        self.rules.keys()
    }

    /// Versions of a rule, in the order in which they came into force.
    pub fn versions(&self, id: &RuleId) -> &[Rule] {
        self.rules.get(id).map_or(&[], Vec::as_slice)
    }

    /// The page of a rule.
    pub fn page(&self, id: &RuleId) -> Option<&Page> {
        self.pages.get(id)
    }

    /// Every language file.
    pub fn texts(&self) -> &[TextFile] {
        &self.texts
    }

    /// The approval of a version of a rule, perhaps of what it said before it was changed.
    pub fn approval(&self, rule: &Rule) -> Option<&Approval> {
        self.approvals.get(&*rule.card.version)
    }

    /// Whether a version of a rule is approved as it stands.
    pub fn is_approved(&self, rule: &Rule) -> bool {
        self.approval(rule).is_some_and(|approval| approval.digest == *rule.card.digest)
    }

    /// The same folder with other tables: for trying a change without editing a file. Nothing of it is approved.
    #[must_use]
    pub fn with_tables(self, change: impl FnOnce(&mut Tables)) -> Self {
        let mut tables = Tables::clone(&self.tables);
        change(&mut tables);
        Self { tables: Arc::new(tables), approvals: BTreeMap::new(), ..self }
    }

    /// The same folder with one parameter's value changed, written `group.name`.
    ///
    /// # Errors
    /// * [`TryError`]: there is no such parameter, or it cannot have that value
    pub fn with_parameter(self, name: &str, value: &ParameterValue) -> Result<Self, TryError> {
        let unknown = || TryError::Unknown { name: name.to_owned() };
        let (group, parameter) = name.split_once('.').ok_or_else(unknown)?;
        let parameters = self.tables.parameters.clone().with(group, parameter, value)?;
        Ok(self.with_tables(|tables| tables.parameters = parameters))
    }
}

/// The version that a rule's file is.
fn version_of(file: &RuleFile) -> Option<&str> {
    file.name().strip_suffix(".rhai")
}

/// A folder's files by what they are.
struct Folder {
    named: BTreeMap<String, RuleFile>,
    rules: Vec<(String, RuleFile)>,
    pages: Vec<(String, RuleFile)>,
    texts: Vec<(String, String, RuleFile)>,
    shared: Option<RuleFile>,
    approvals: BTreeMap<String, Approval>,
}

impl Folder {
    fn sort(files: &[RuleFile], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut folder = Self {
            named: BTreeMap::new(),
            rules: Vec::new(),
            pages: Vec::new(),
            texts: Vec::new(),
            shared: None,
            approvals: BTreeMap::new(),
        };
        // the order in which the files came changes nothing
        let mut files: Vec<RuleFile> = files.iter().map(RuleFile::without_mark).collect();
        files.sort_by_key(|file| (file.path.matches(['/', '\\']).count(), file.path.clone()));
        let mut names: BTreeMap<String, Arc<str>> = BTreeMap::new();
        for file in &files {
            let name = file.name();
            if let Some(first) = names.insert(name.to_owned(), file.path.clone()) {
                diagnostics.push(
                    Diagnostic::error(
                        Code::File,
                        &file.path,
                        &file.text,
                        Place::START,
                        format!("`{first}` has the same name"),
                    )
                    .with_help("a folder has one file of each name; rename or remove one"),
                );
                continue;
            }
            let parts: Vec<&str> = name.split('.').collect();
            match parts.as_slice() {
                [_, "toml"] => {
                    folder.named.insert(name.to_owned(), file.clone());
                }
                ["_shared", "rhai"] => folder.shared = Some(file.clone()),
                [id, .., "rhai"] if is_name(id) => folder.rules.push(((*id).to_owned(), file.clone())),
                [.., "rhai"] => diagnostics.push(
                    Diagnostic::error(Code::File, &file.path, &file.text, Place::START, "no rule can be called so")
                        .with_help("the name up to the first dot is small letters a to z, digits and `_`"),
                ),
                [id, "md"] => folder.pages.push(((*id).to_owned(), file.clone())),
                [owner, language, "ftl"] => {
                    folder.texts.push(((*owner).to_owned(), (*language).to_owned(), file.clone()));
                }
                _ => diagnostics.push(
                    Diagnostic::error(Code::File, &file.path, &file.text, Place::START, "nothing reads this file")
                        .with_help("a rule folder holds .rhai, .md, .<language>.ftl and .toml files")
                        .as_warning(),
                ),
            }
        }
        folder
    }

    fn checked_rules(
        &self,
        tables: &Arc<Tables>,
        texts: &[TextFile],
        pages: &BTreeMap<RuleId, Page>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> BTreeMap<RuleId, Vec<Rule>> {
        let parser = parsing_engine(tables);
        let has_errors = |file: &RuleFile, diagnostics: &[Diagnostic]| {
            diagnostics.iter().any(|found| found.is_error() && found.path == file.path)
        };
        let mut broken: Vec<RuleFile> =
            self.named.values().filter(|file| has_errors(file, diagnostics)).cloned().collect();
        let mut shared = None;
        if let Some(file) = &self.shared {
            let check = Check { tables, texts, pages, shared: None, parser: &parser, broken: &broken };
            if check.shared_file(file, diagnostics) {
                shared = Some(file);
            } else {
                broken.push(file.clone());
            }
        }
        let check = Check { tables, texts, pages, shared, parser: &parser, broken: &broken };
        let mut rules: BTreeMap<RuleId, Vec<Rule>> = BTreeMap::new();
        let mut unusable: BTreeSet<RuleId> = BTreeSet::new();
        // of a file that cannot be parsed it is not known which helpers it calls
        let mut used = Some(BTreeSet::new());
        for (id, file) in &self.rules {
            let id = RuleId::new(id);
            let checked = check.rule(&id, file, diagnostics);
            used = used.zip(checked.reached).map(|(used, reached)| &used | &reached);
            match checked.rule {
                Some(rule) => rules.entry(id).or_default().push(rule),
                None => {
                    unusable.insert(id);
                }
            }
        }
        if let (Some(used), Some(shared), false) = (used, shared, self.rules.is_empty()) {
            check.unused_helpers(shared, &used, diagnostics);
        }
        // a rule of which one version cannot be used does not run by another: it would say something else. The error may
        // stand in a shared helper
        rules.retain(|id, _| !unusable.contains(id));
        for versions in rules.values_mut() {
            versions.sort_by_key(|rule| rule.from);
        }
        // which of two versions governs must never be a matter of chance
        rules.retain(|_, versions| check::versions(versions, &self.rules, diagnostics));
        rules
    }

    fn tables(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Option<Tables> {
        let known = [
            "city.toml",
            "purposes.toml",
            "parameters.toml",
            "calendar.toml",
            "facts.toml",
            "code_lists.toml",
            "laws.toml",
            "approvals.toml",
        ];
        for (name, file) in &self.named {
            if !known.contains(&name.as_str()) {
                let help = crate::diagnostic::did_you_mean(name, known)
                    .map_or_else(|| format!("known: {}", known.join(", ")), |known| format!("did you mean `{known}`?"));
                diagnostics.push(
                    Diagnostic::error(Code::File, &file.path, &file.text, Place::START, "nothing reads this file")
                        .with_help(help)
                        .as_warning(),
                );
            }
        }
        let file = |name: &str| self.named.get(name);
        let city = if let Some(file) = file("city.toml") {
            settings::read_city(file, diagnostics)
        } else {
            diagnostics.push(
                Diagnostic::error(
                    Code::File,
                    &Arc::from("city.toml"),
                    "",
                    Place::START,
                    "there is no `city.toml` in this folder",
                )
                .with_help("a rule folder says which city it is of; copy one from `rules/helsinki`"),
            );
            None
        };
        let approvals =
            file("approvals.toml").map(|file| settings::read_approvals(file, diagnostics)).unwrap_or_default();
        let code_lists =
            file("code_lists.toml").map(|file| settings::read_code_lists(file, diagnostics)).unwrap_or_default();
        let tables = Tables {
            purposes: file("purposes.toml").map(|file| settings::read_purposes(file, diagnostics)).unwrap_or_default(),
            parameters: file("parameters.toml").map(|file| Parameters::read(file, diagnostics)).unwrap_or_default(),
            calendars: file("calendar.toml").map(|file| Calendars::read(file, diagnostics)).unwrap_or_default(),
            facts: file("facts.toml")
                .map(|file| settings::read_facts(file, &code_lists, diagnostics))
                .unwrap_or_default(),
            code_lists,
            laws: file("laws.toml").map(|file| settings::read_laws(file, diagnostics)).unwrap_or_default(),
            city: city?,
        };
        self.approvals = approvals;
        Across { files: &self.named, tables: &tables }.check(diagnostics);
        Some(tables)
    }
}

/// What the engine must be able to name while it parses.
pub(crate) fn module_names(tables: &Tables) -> Vec<String> {
    let mut names: Vec<String> = tables.parameters.groups.keys().chain(tables.code_lists.keys()).cloned().collect();
    names.push("calendar".to_owned());
    names.sort();
    names.dedup();
    names
}

/// An engine that knows the modules' names, for parsing.
pub(crate) fn parsing_engine(tables: &Tables) -> rhai::Engine {
    let mut engine = engine::bare();
    for name in module_names(tables) {
        engine.register_static_module(name, rhai::Module::new().into());
    }
    engine
}
