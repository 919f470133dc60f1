//! Where a document says its person lives on a day, and has lived. Intervals of homes and municipalities are closed: the old
//! one ends on the day before the new one begins.

use chrono::NaiveDate;
use ennakko_core::day::PartialDate;
use ennakko_core::identity::PermanentBuildingId;
use ennakko_core::identity::dwelling_id::{Residence, of_flat, residence};
use ennakko_core::record::{Address, DwellingRecord, HistoryRecord, Stay};
use ennakko_core::{Fact, UnknownReason};

use super::date::{closed, day_after, day_before, first, last};
use super::document::GroupProblem;
use super::group::{DwellingParts, FormerMunicipality, Group, Municipality, Number, StreetAddress};
use super::person::Known;
use super::{Dwellings, FINLAND_NONE};
use crate::sources::SourceProblem;

const MUNICIPALITY: &str = "KOTIKUNTA";
const FORMER: &str = "EDELLINEN_KOTIKUNTA";
const ADDRESS: &str = "VAKINAINEN_KOTIMAINEN_OSOITE";
const ABROAD: &str = "VAKINAINEN_ULKOMAILLA_ASUMINEN";
const RESIDENCES: [&str; 3] = ["VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS", "VAKINAINEN_OLINPAIKASSA_ASUMINEN", ABROAD];

/// The groups that tell where somebody lives.
pub(super) const HOME_GROUPS: [&str; 5] = [MUNICIPALITY, ADDRESS, RESIDENCES[0], RESIDENCES[1], RESIDENCES[2]];

/// A permanent home.
pub(super) struct Home {
    pub(super) id: Fact<String>,
    pub(super) since: Fact<PartialDate>,
    pub(super) dwelling: Option<DwellingRecord>,
}

/// Why nothing is known where nothing was delivered: under an order of non-disclosure it is kept back.
fn not_delivered(protection: Fact<bool>) -> UnknownReason {
    if protection == Fact::Known(true) { UnknownReason::Withheld } else { UnknownReason::NotDelivered }
}

/// The permanent home on the day: of several in force the last delivered.
pub(super) fn home(known: Known<'_>, protection: Fact<bool>, problems: &mut Vec<GroupProblem>) -> Home {
    if let Some(reason) = known.opaque(&RESIDENCES) {
        return Home { id: Fact::Unknown(reason), since: Fact::Unknown(reason), dwelling: None };
    }
    let address = address(known);
    let residence = known.held.iter().filter(|group| RESIDENCES.contains(&group.name.as_str()));
    let mut residence = residence.filter_map(|group| match group.group() {
        Some(Group::Residence(residence)) => Some(residence),
        _ => None,
    });
    let residence = residence.rfind(|home| closed(first(home.alkupv.as_ref()), last(home.loppupv.as_ref()), known.day));
    let (id, since) = match (residence, address) {
        (Some(home), _) => {
            let id = home.asuinpaikantunnus.clone().or_else(|| id_of(home.dwelling()));
            (id, home.alkupv.as_ref())
        }
        // an address tells the dwelling where the residence itself is outside the licence
        (None, Some(address)) => (id_of(address.dwelling()), address.alkupv.as_ref()),
        (None, None) => (None, None),
    };
    let Some(id) = id else {
        let reason = not_delivered(protection);
        return Home { id: Fact::Unknown(reason), since: Fact::Unknown(reason), dwelling: None };
    };
    let dwelling = match known.reading.dwellings {
        Dwellings::NotFromHere => None,
        Dwellings::FromAddresses(members) => {
            address.filter(|address| belongs(address.dwelling(), &id)).map(|address| DwellingRecord {
                building: building(&id, known, problems),
                address: Fact::Known(written(address)),
                members,
                id: id.clone(),
            })
        }
    };
    // without a beginning it is not known since when; none would say since birth
    let since = match first(since) {
        Fact::None => Fact::Unknown(UnknownReason::NotDelivered),
        since => since,
    };
    Home { id: Fact::Known(id), since, dwelling }
}

/// The permanent domestic address on the day. No other counts for what a rule asks.
fn address(known: Known<'_>) -> Option<&StreetAddress> {
    if known.opaque(&[ADDRESS]).is_some() {
        return None;
    }
    let addresses = known.named(ADDRESS).filter_map(|group| match group.group() {
        Some(Group::Address(address)) => Some(&**address),
        _ => None,
    });
    addresses.filter(|address| closed(first(address.alkupv.as_ref()), last(address.loppupv.as_ref()), known.day)).last()
}

/// The id of a dwelling from its parts: building, number of the address, stairwell, number, division; a blank for a letter
/// that it has not. None without a number: all zeros would say that the building has one dwelling.
fn id_of(parts: DwellingParts<'_>) -> Option<String> {
    let building = parts.building.filter(|building| building.chars().count() == 10)?;
    let address = parts.address_number.map(Number::text).filter(|number| number.len() == 1)?;
    let number = parts.number.map(str::trim).filter(|number| (1..=3).contains(&number.len()))?;
    let letter = |letter: Option<&str>| letter.and_then(|letter| letter.trim().chars().next()).unwrap_or(' ');
    let stair = letter(parts.stairwell).to_uppercase().next()?;
    let division = letter(parts.division).to_lowercase().next()?;
    Some(format!("{building}{address}{stair}{number:0>3}{division}"))
}

/// Whether an address is that of a dwelling: in the same building. The number of the address is no part of a dwelling.
fn belongs(parts: DwellingParts<'_>, id: &str) -> bool {
    let same_building = parts.building.is_some_and(|building| id.starts_with(building));
    let same_flat = id_of(parts).is_none_or(|of| of_flat(&of) == of_flat(id));
    residence(id) == Some(Residence::Dwelling) && same_building && same_flat
}

fn building(id: &str, known: Known<'_>, problems: &mut Vec<GroupProblem>) -> Option<PermanentBuildingId> {
    let building = PermanentBuildingId::parse(id.get(..10)?, known.reading.codes.artificial).ok();
    if building.is_none() {
        problems.push((Some(RESIDENCES[0].to_owned()), SourceProblem::UnknownValue));
    }
    building
}

/// The address as it is written: the parts of the street joined again, the dwelling's number without its zeros.
fn written(address: &StreetAddress) -> Address {
    let parts = address.dwelling();
    let number = parts.number.unwrap_or_default().trim().trim_start_matches('0');
    let division = parts.division.unwrap_or_default().trim();
    let dwelling = format!("{number}{division}");
    let words = [
        address.katunimi.as_ref().and_then(super::group::Bilingual::text).unwrap_or_default(),
        address.katunumero.as_deref().unwrap_or_default(),
        parts.stairwell.unwrap_or_default(),
        &dwelling,
    ];
    let words: Vec<&str> = words.into_iter().map(str::trim).filter(|word| !word.is_empty()).collect();
    Address {
        street: words.join(" "),
        postal_code: address.postinumero.clone().unwrap_or_default(),
        post_office: address
            .postitoimipaikka
            .as_ref()
            .and_then(super::group::Bilingual::text)
            .unwrap_or_default()
            .to_owned(),
    }
}

/// The municipality of residence on the day, and the stays up to it.
pub(super) fn municipality(
    known: Known<'_>,
    born: Fact<PartialDate>,
    protection: Fact<bool>,
    problems: &mut Vec<GroupProblem>,
) -> (Fact<String>, Option<HistoryRecord>) {
    if let Some(reason) = known.opaque(&[MUNICIPALITY]) {
        // what was known of the past does not tell the present, and what is kept back is kept back whole
        let history = HistoryRecord { of: known.who(), known_from: Fact::Unknown(reason), stays: Vec::new() };
        return (Fact::Unknown(reason), Some(history));
    }
    let present = present(known);
    let code = match (present, is_abroad(known)) {
        (Some(present), _) => code(&present.kuntakoodi, problems),
        (None, Some(_)) => Fact::None,
        (None, None) => return (Fact::Unknown(not_delivered(protection)), None),
    };
    let from = match present {
        Some(present) => first(present.moved()),
        None => is_abroad(known).unwrap_or(Fact::None),
    };
    let history = history(known, born, &code, from);
    (code, history)
}

/// The last delivered municipality that has begun and has not been left.
fn present(known: Known<'_>) -> Option<&Municipality> {
    let begun = |there: &&Municipality| closed(first(there.moved()), Fact::None, known.day);
    let left = |there: &&Municipality| formers(known).any(|former| leaves(former, there, known.day));
    municipalities(known).filter(begun).filter(|there| !left(there)).last()
}

fn municipalities(known: Known<'_>) -> impl Iterator<Item = &Municipality> {
    known.named(MUNICIPALITY).filter_map(|group| match group.group() {
        Some(Group::Municipality(there)) => Some(there),
        _ => None,
    })
}

fn formers(known: Known<'_>) -> impl Iterator<Item = &FormerMunicipality> {
    known.named(FORMER).filter_map(|group| match group.group() {
        Some(Group::FormerMunicipality(former)) => Some(former),
        _ => None,
    })
}

/// Whether a stay that ended is the one that this municipality tells of, so that it is over on the day.
fn leaves(former: &FormerMunicipality, there: &Municipality, day: NaiveDate) -> bool {
    let left = first(former.left.as_ref()).known();
    let same_stay = match (first(former.moved.as_ref()).known(), first(there.moved()).known(), left) {
        (Some(then), Some(now), _) => then == now,
        // the same municipality again: left before moving in is another stay
        (None, Some(now), Some(left)) => now.first() <= left.last(),
        _ => true,
    };
    former.kuntakoodi == there.kuntakoodi && same_stay && left.is_none_or(|left| left.first() <= day)
}

/// Since when somebody lives abroad, if that is where they live.
fn is_abroad(known: Known<'_>) -> Option<Fact<PartialDate>> {
    let homes = known.named(ABROAD).filter_map(|group| match group.group() {
        Some(Group::Residence(home)) => Some(home),
        _ => None,
    });
    homes
        .map(|home| (first(home.alkupv.as_ref()), last(home.loppupv.as_ref())))
        .filter(|(from, to)| closed(*from, *to, known.day))
        .last()
        .map(|(from, _)| from)
}

/// Three digits; none where the statistical code says that there is none in Finland.
fn code(text: &str, problems: &mut Vec<GroupProblem>) -> Fact<String> {
    if FINLAND_NONE.contains(&text) {
        Fact::None
    } else if text == "199" {
        Fact::Unknown(UnknownReason::NotDelivered)
    } else if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Fact::Known(text.to_owned())
    } else {
        problems.push((Some(MUNICIPALITY.to_owned()), SourceProblem::UnknownValue));
        Fact::Unknown(UnknownReason::Disputed)
    }
}

/// The stays that lead to the present one without a gap: before a gap nothing is known. Nothing without the day of the last
/// move.
fn history(
    known: Known<'_>,
    born: Fact<PartialDate>,
    present: &Fact<String>,
    from: Fact<PartialDate>,
) -> Option<HistoryRecord> {
    let start = from.known()?;
    let mut stays = vec![Stay { municipality: present.clone(), from: Fact::Known(start), last_day: Fact::None }];
    let mut before: Vec<(PartialDate, Option<PartialDate>, &str)> = Vec::new();
    for former in formers(known) {
        if let Some(moved) = first(former.moved.as_ref()).known() {
            before.push((moved, first(former.left.as_ref()).known(), &former.kuntakoodi));
        }
    }
    // a municipality that another followed, whose end nobody told
    before.extend(municipalities(known).filter_map(|there| {
        let moved = first(there.moved()).known()?;
        let told = formers(known).any(|former| leaves(former, there, NaiveDate::MAX));
        (!told).then_some((moved, None, there.kuntakoodi.as_str()))
    }));
    before.sort_unstable();
    let mut start = start;
    for (moved, left, there) in before.into_iter().rev() {
        if moved.first() >= start.first() {
            continue;
        }
        // one answer ends a stay on the day before the next, another on the day of the move itself
        let contiguous = left.is_none_or(|left| day_after(left.last()) >= start.first());
        if !contiguous {
            break;
        }
        let last_day = PartialDate::between(day_before(start.first()), day_before(start.last())).ok()?;
        stays.push(Stay {
            municipality: code(there, &mut Vec::new()),
            from: Fact::Known(moved),
            last_day: Fact::Known(last_day),
        });
        start = moved;
    }
    stays.reverse();
    let since_birth = born.known().is_some_and(|born| start.last() <= born.first());
    let known_from = if since_birth { Fact::None } else { Fact::Known(start.last()) };
    Some(HistoryRecord { of: known.who(), known_from, stays })
}
