//! Changes that are asked for over HTTP in a `register.toml`: where, and where user and password stand.

use toml::Spanned;

use super::FeedPlan;
use super::file::File;
use crate::toml_file::Entry;

impl File<'_, '_> {
    /// Where changes are asked for, if they are.
    pub(super) fn feed(&mut self, entry: &Entry<'_>) -> Option<FeedPlan> {
        let Some(value) = entry.get("address") else {
            for key in ["access", "x_road_client"] {
                if let Some(value) = entry.get(key) {
                    let help = "add `address = \"http://...\"`, or remove this line";
                    self.toml.wrong(Spanned::span(value), format!("`{key}` without an `address`"), help);
                }
            }
            return None;
        };
        if !self.compiled.http {
            let help = "build it with `--features finnish-http`, or name files of changes";
            self.toml.wrong(Spanned::span(value), "this program was built without asking over HTTP", help);
        }
        let address = self.toml.text(value, "address", "write the interface's address up to and with `/api/v1`")?;
        let rest = address.strip_prefix("http://").filter(|rest| !rest.is_empty());
        match rest {
            None => {
                let help =
                    "write `http://` and the address of the city's own security server, which holds the connection";
                self.toml.wrong(Spanned::span(value), "`address` does not begin with `http://`", help);
            }
            // such an address would show in messages
            Some(rest) if rest.split('/').next().is_some_and(|host| host.contains('@')) => {
                let help = "user and password stand in the file that `access` names";
                self.toml.wrong(Spanned::span(value), "`address` has a user in it", help);
            }
            Some(_) => {}
        }
        let access = self.toml.must_text(entry, "access", "add `access = \"...\"`, a file with `user` and `password`");
        let x_road_client = match entry.get("x_road_client") {
            None => None,
            Some(value) => {
                let help = "write `\"FI/GOV/9999999-9/subsystem\"`";
                let client = self.toml.text(value, "x_road_client", help)?;
                let is_plain = |letter: char| letter.is_ascii_graphic();
                if !client.chars().all(is_plain) {
                    self.toml.wrong(Spanned::span(value), "`x_road_client` has letters that no header can have", help);
                }
                Some(client)
            }
        };
        Some(FeedPlan { address: address.trim_end_matches('/').to_owned(), access: access?, x_road_client })
    }

    /// Changes that are asked for stand in no file.
    pub(super) fn no_files(&mut self, entry: &Entry<'_>) -> Vec<String> {
        for key in ["file", "files", "day"] {
            if let Some(value) = entry.get(key) {
                let help = "leave one of them; files and what is asked for are two sources";
                self.toml.wrong(Spanned::span(value), format!("`address` and `{key}` are both given"), help);
            }
        }
        Vec::new()
    }
}
