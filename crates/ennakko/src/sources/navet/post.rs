//! One `Folkbokforingspost` as it was written: texts, none of them looked at, whichever notation they came in.

/// A post. A text is trimmed and never empty; no `Debug`, since all of it is personal.
#[derive(Default)]
pub(super) struct Post {
    /// `andringstidpunkt`: yyyymmddhhmmss.
    pub(super) changed: Option<String>,
    /// `Sekretessmarkering`.
    pub(super) secrecy: Option<String>,
    /// `SkyddadFolkbokforing`.
    pub(super) protected: Option<String>,
    /// `PersonNr`.
    pub(super) personal: Option<String>,
    /// `TilldelatPersonNrSamordningsNr`.
    pub(super) coordination: Option<String>,
    /// `HanvisningsPersonNr`.
    pub(super) reference: Option<String>,
    /// `Avregistrering`.
    pub(super) left: Option<Left>,
    /// `Fodelsedatum`.
    pub(super) born: Option<String>,
    /// `Namn`.
    pub(super) names: Option<WrittenNames>,
    /// `Folkbokforingsdatum`.
    pub(super) registered: Option<String>,
    /// `LanKod`.
    pub(super) county: Option<String>,
    /// `KommunKod`.
    pub(super) municipality: Option<String>,
    /// `Folkbokforingsadress`.
    pub(super) address: WrittenAddress,
    /// `LagenhetsId`.
    pub(super) dwelling: Option<String>,
    /// `Relationer`; none: there was no such element.
    pub(super) relations: Option<Vec<Relation>>,
}

/// `Avregistrering`.
pub(super) struct Left {
    /// `AvregistreringsorsakKod`.
    pub(super) cause: Option<String>,
}

/// `Namn`.
pub(super) struct WrittenNames {
    /// `Tilltalsnamnsmarkering`.
    pub(super) in_use: Option<String>,
    /// `Fornamn`.
    pub(super) given: Option<String>,
    /// `Mellannamn`.
    pub(super) middle: Option<String>,
    /// `Efternamn`.
    pub(super) family: Option<String>,
    /// `Aviseringsnamn`: "middle family, given" in at most 36 characters.
    pub(super) short: Option<String>,
}

/// `Folkbokforingsadress`.
#[derive(Default)]
pub(super) struct WrittenAddress {
    /// `Utdelningsadress1`.
    pub(super) first: Option<String>,
    /// `Utdelningsadress2`.
    pub(super) second: Option<String>,
    /// `PostNr`.
    pub(super) postal_code: Option<String>,
    /// `Postort`.
    pub(super) post_office: Option<String>,
}

/// `Relation`.
pub(super) struct Relation {
    /// `status`.
    pub(super) status: Option<String>,
    /// `Relationstyp`.
    pub(super) kind: Option<String>,
    /// `PersonNr`.
    pub(super) personal: Option<String>,
    /// `FodelsetidNr`.
    pub(super) born: Option<String>,
    /// `RelationFromdatum`.
    pub(super) from: Option<String>,
    /// `RelationTomdatum`.
    pub(super) until: Option<String>,
    /// `Namn`.
    pub(super) names: Option<WrittenNames>,
    /// `Avregistrering`.
    pub(super) left: Option<Left>,
}
