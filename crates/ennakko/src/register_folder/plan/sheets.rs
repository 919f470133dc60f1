//! The licensed delivery of buildings in a `register.toml`: which sheets, and how they are written.

use toml::Spanned;

use super::file::File;
use super::{Form, SheetName};
use crate::sources::buildings::place::System;
use crate::sources::buildings::{Encoding, SheetForm};
use crate::toml_file::Entry;

impl File<'_, '_> {
    /// The files of the sheets named, in the order of [`SheetName::ALL`].
    pub(super) fn sheets(&mut self, entry: &Entry<'_>) -> Option<Vec<String>> {
        if entry.get(SheetName::Buildings.word()).is_none() {
            self.toml.missing(entry, "buildings", "add `buildings = \"...\"`, the sheet `R1 rakennus` as CSV");
            return None;
        }
        let mut files: Vec<String> = Vec::new();
        for sheet in named(entry) {
            if let Some(spot) = entry.get(sheet.word()) {
                files.push(self.file(spot, &files)?);
            }
        }
        Some(files)
    }

    pub(super) fn building_sheets(&mut self, entry: &Entry<'_>) -> Option<Form> {
        let encodings = [("ISO-8859-1", Encoding::Latin1), ("UTF-8", Encoding::Utf8)];
        let systems = [("ETRS-TM35FIN", System::Tm35Fin), ("ETRS-GK25", System::Gk25), ("WGS84", System::Wgs84)];
        let encoding = self.toml.must_word(entry, "encoding", &encodings);
        let system = self.toml.must_word(entry, "coordinates", &systems);
        let delimiter = self.delimiter(entry);
        let form = SheetForm { delimiter: delimiter?, encoding: encoding? };
        Some(Form::BuildingSheets { sheets: named(entry), form, system: system? })
    }

    /// What stands between cells: one character that cannot stand in a name or a number.
    fn delimiter(&mut self, entry: &Entry<'_>) -> Option<u8> {
        let help = "write `delimiter = \";\"`, or `\",\"` or `\"\\t\"`";
        let Some(value) = entry.get("delimiter") else {
            self.toml.missing(entry, "delimiter", help);
            return None;
        };
        let written = value.get_ref().as_str().map(str::as_bytes);
        if let Some([delimiter @ (b';' | b',' | b'\t' | b'|')]) = written {
            return Some(*delimiter);
        }
        self.toml.wrong(Spanned::span(value), "`delimiter` is not what can stand between cells", help);
        None
    }
}

fn named(entry: &Entry<'_>) -> Vec<SheetName> {
    SheetName::ALL.into_iter().filter(|sheet| entry.get(sheet.word()).is_some()).collect()
}
