//! The rule folder of the repository, as it stands or with a change made for a test.

use std::path::Path;
use std::sync::OnceLock;

use ennakko::rules::RuleFile;
use ennakko::rules::diagnostic::Code;
use ennakko::{Rules, folder};

/// The files of a rule folder.
#[derive(Clone)]
pub struct Folder {
    files: Vec<RuleFile>,
}

impl Folder {
    /// Of `rules/helsinki` the two rules that the stories are about, with all its tables.
    pub fn helsinki() -> Self {
        static FILES: OnceLock<Vec<RuleFile>> = OnceLock::new();
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/helsinki"));
        let of_stories = |file: &RuleFile| {
            let stem = file.name().split('.').next().unwrap_or_default();
            file.name().ends_with("toml") || ["school_place", "lift_grant", "_common"].contains(&stem)
        };
        let files = FILES.get_or_init(|| folder::read(folder).unwrap().into_iter().filter(of_stories).collect());
        Self { files: files.clone() }
    }

    /// The same as if the city had decided every row that is only expected so far, so that it may be run.
    pub fn decided() -> Self {
        Self::helsinki().all("calendar.toml", "\"expected\"", "\"decided\"").all(
            "parameters.toml",
            "\"expected\"",
            "\"decided\"",
        )
    }

    /// A file with the one place where `from` stands replaced.
    pub fn change(self, name: &str, from: &str, to: &str) -> Self {
        let text = self.text(name);
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {name}");
        let changed = text.replace(from, to);
        self.with(name, &changed)
    }

    /// A file with every place where `from` stands replaced.
    pub fn all(self, name: &str, from: &str, to: &str) -> Self {
        let text = self.text(name);
        assert!(text.contains(from), "`{from}` stands in {name}");
        let changed = text.replace(from, to);
        self.with(name, &changed)
    }

    /// A file with text added at its end.
    pub fn add(self, name: &str, text: &str) -> Self {
        let longer = format!("{}\n{text}", self.text(name));
        self.with(name, &longer)
    }

    /// A file in place of the one of that name, or besides the others.
    pub fn with(mut self, name: &str, text: &str) -> Self {
        self.files.retain(|file| file.name() != name);
        self.files.push(RuleFile::new(&format!("rules/{name}"), text));
        self
    }

    /// Without the files of a rule.
    pub fn without(mut self, rule: &str) -> Self {
        self.files.retain(|file| file.name().split('.').next() != Some(rule));
        self
    }

    /// The text of a file.
    pub fn text(&self, name: &str) -> String {
        let file = self.files.iter().find(|file| file.name() == name);
        file.unwrap_or_else(|| panic!("there is no {name}")).text.to_string()
    }

    /// Read and checked, for previews.
    pub fn load(&self) -> Rules {
        let (rules, findings) = Rules::load(&self.files).unwrap_or_else(|_| panic!("the folder has a usable city"));
        // what has changed since it was approved is for the run to say
        let findings = findings.iter().filter(|finding| finding.code != Code::Approval);
        let findings: Vec<String> = findings.map(ToString::to_string).collect();
        assert!(findings.is_empty(), "{}", findings.join("\n"));
        rules
    }

    /// The text of `approvals.toml` that approves every version as it stands.
    pub fn approvals(&self) -> String {
        let rules = self.load();
        let versions = rules.set().ids().flat_map(|id| rules.set().versions(id));
        let approval = |rule: &ennakko::rules::rule::Rule| {
            let (version, digest) = (&rule.card.version, &rule.card.digest);
            format!(
                "[\"{version}\"]\ndigest = \"{digest}\"\napproved_by = \"Somebody\"\nrole = \"head of service\"\n\
                 approved_on = 2026-11-30\ndecision = \"deployment decision made up for a test\"\n"
            )
        };
        versions.map(approval).collect::<Vec<_>>().join("\n")
    }

    /// Read, checked and approved as it stands, for runs.
    pub fn approved(&self) -> Rules {
        self.clone().with("approvals.toml", &self.approvals()).load()
    }
}

/// `rules/helsinki`, everything decided and approved. Loaded once.
pub fn decided() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| Folder::decided().approved())
}
