//! Names in use first: what `Tilltalsnamnsmarkering` says of `Fornamn`.

use ennakko_core::record::Names;

use super::post::WrittenNames;

/// One name, and whether it hangs on the one before it by a hyphen.
struct Part<'n> {
    text: &'n str,
    hyphen_before: bool,
}

/// The names, and whether the mark could be followed. None: there are no names.
///
/// The mark's digits are positions among the given names, 0 is nothing, and a name with a hyphen counts as two: of
/// `Eva Ulla-Karin Isa`, `23` is `Ulla-Karin` and `40` is `Isa`. A mark that cannot be followed leaves the names as they stand.
pub(super) fn names(written: &WrittenNames) -> Option<(Names, bool)> {
    let family = [written.middle.as_deref(), written.family.as_deref()];
    let family = family.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let given = written.given.as_deref().unwrap_or_default();
    if family.is_empty() && given.is_empty() {
        let (family, given) = written.short.as_deref()?.split_once(',')?;
        return Some((Names { given: given.trim().to_owned(), family: family.trim().to_owned() }, true));
    }
    let (given, followed) = match &written.in_use {
        None => (given.to_owned(), true),
        Some(mark) => in_use_first(given, mark).map_or_else(|| (given.to_owned(), false), |given| (given, true)),
    };
    Some((Names { given, family }, followed))
}

fn in_use_first(given: &str, mark: &str) -> Option<String> {
    let parts = parts(given);
    let digits: Vec<usize> = match mark.as_bytes() {
        [first @ b'1'..=b'9', second @ b'0'..=b'9'] => {
            [first, second].into_iter().map(|digit| usize::from(digit - b'0')).filter(|digit| *digit > 0).collect()
        }
        _ => return None,
    };
    if digits.iter().any(|digit| *digit > parts.len()) {
        return None;
    }
    let chosen: Vec<usize> = digits.iter().map(|digit| digit - 1).collect();
    let rest: Vec<usize> = (0..parts.len()).filter(|at| !chosen.contains(at)).collect();
    let joined = [join(&parts, &chosen), join(&parts, &rest)];
    Some(joined.into_iter().filter(|names| !names.is_empty()).collect::<Vec<_>>().join(" "))
}

fn parts(given: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for name in given.split_whitespace() {
        let halves = name.split('-').filter(|half| !half.is_empty());
        parts.extend(halves.enumerate().map(|(at, text)| Part { text, hyphen_before: at > 0 }));
    }
    parts
}

/// Parts at some positions, with the hyphens between those that stood together.
fn join(parts: &[Part<'_>], at: &[usize]) -> String {
    let mut joined = String::new();
    for (index, &position) in at.iter().enumerate() {
        if index > 0 {
            let together = at[index - 1] + 1 == position && parts[position].hyphen_before;
            joined.push(if together { '-' } else { ' ' });
        }
        joined.push_str(parts[position].text);
    }
    joined
}
