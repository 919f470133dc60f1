//! What a fact tells of somebody that decides nothing, unless a section of law lets it.
//!
//! The special categories of personal data (Regulation (EU) 2016/679, article 9) and the grounds of the Non-discrimination Act
//! 1325/2014 s. 8 (<https://yhdenvertaisuusvaltuutettu.fi/grounds-for-discrimination>, checked 2026-11-22). Three grounds of the
//! Act are not here: age and family relationships, which most services are arranged by, and other personal characteristics.
//! Sex is another act's (609/1986). A rule that decides on a fact with one of these names the section in its `decides_on`.

/// One category or ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Special {
    /// Of which country somebody is a citizen.
    Citizenship,
    /// Mother tongue, language of contact.
    Language,
    /// Ethnic or national origin, skin colour.
    Origin,
    /// Religion, membership of a religious community.
    Religion,
    /// Belief that is no religion.
    Belief,
    /// Opinion.
    Opinion,
    /// Political activity.
    PoliticalActivity,
    /// Membership of a trade union, activity in one.
    TradeUnion,
    /// State of health; that somebody is registered for health care or was given it (recital 35 of the Regulation).
    Health,
    /// Disability.
    Disability,
    /// Sex life, sexual orientation.
    SexualOrientation,
    /// Genetic data.
    Genetic,
    /// Biometric data that identify.
    Biometric,
}

impl Special {
    /// Every one.
    pub const ALL: [Self; 13] = [
        Self::Citizenship,
        Self::Language,
        Self::Origin,
        Self::Religion,
        Self::Belief,
        Self::Opinion,
        Self::PoliticalActivity,
        Self::TradeUnion,
        Self::Health,
        Self::Disability,
        Self::SexualOrientation,
        Self::Genetic,
        Self::Biometric,
    ];

    /// The word for it in `facts.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Citizenship => "citizenship",
            Self::Language => "language",
            Self::Origin => "origin",
            Self::Religion => "religion",
            Self::Belief => "belief",
            Self::Opinion => "opinion",
            Self::PoliticalActivity => "political_activity",
            Self::TradeUnion => "trade_union",
            Self::Health => "health",
            Self::Disability => "disability",
            Self::SexualOrientation => "sexual_orientation",
            Self::Genetic => "genetic",
            Self::Biometric => "biometric",
        }
    }

    /// What the name of a fact sounds like. A name proves nothing: it is only asked about.
    pub fn of_name(name: &str) -> Option<Self> {
        name.split('_').find_map(|word| {
            Some(match word {
                "citizen" | "citizens" | "citizenship" | "nationality" => Self::Citizenship,
                "language" | "languages" | "tongue" => Self::Language,
                "origin" | "ethnic" | "ethnicity" | "race" => Self::Origin,
                "religion" | "religious" | "faith" | "church" | "parish" => Self::Religion,
                "belief" | "beliefs" => Self::Belief,
                "opinion" | "opinions" => Self::Opinion,
                "political" | "politics" => Self::PoliticalActivity,
                "union" => Self::TradeUnion,
                "health" | "illness" | "disease" | "diagnosis" | "medical" => Self::Health,
                "disability" | "disabled" => Self::Disability,
                "orientation" => Self::SexualOrientation,
                "genetic" => Self::Genetic,
                "biometric" => Self::Biometric,
                _ => return None,
            })
        })
    }
}
