//! Intended use: the classes of 1994 (three digits) and of 2018 (four), and what of the one is for certain the other.
//!
//! Source of both lists: Statistics Finland's classifications of buildings, as in lupapiste/commons (`usage_types.cljc`,
//! `building_classifications.cljc`), read 22 November 2026. The official key between them is an interactive page that could
//! not be read, so only such classes are paired here as have one and the same name in both and from which the new
//! classification has cut nothing off by name. One-dwelling houses (011), blocks of flats (032, 039) and whatever is called
//! *other* are not among them: the class of 2018 hangs on what the old code does not say.

/// Classes of 1994.
const OF_1994: &[&str] = &[
    "011", "012", "013", "021", "022", "032", "039", "041", "111", "112", "119", "121", "123", "124", "129", "131",
    "139", "141", "151", "161", "162", "163", "164", "169", "211", "213", "214", "215", "219", "221", "222", "223",
    "229", "231", "239", "241", "311", "312", "322", "323", "324", "331", "341", "342", "349", "351", "352", "353",
    "354", "359", "369", "511", "521", "531", "532", "541", "549", "611", "613", "691", "692", "699", "711", "712",
    "719", "721", "722", "729", "811", "819", "891", "892", "893", "899", "931", "941", "999",
];

/// Classes of 2018.
const OF_2018: &[&str] = &[
    "0110", "0111", "0112", "0120", "0121", "0130", "0140", "0210", "0211", "0310", "0311", "0319", "0320", "0321",
    "0322", "0329", "0330", "0400", "0510", "0511", "0512", "0513", "0514", "0520", "0521", "0590", "0610", "0611",
    "0612", "0613", "0614", "0619", "0620", "0621", "0630", "0710", "0711", "0712", "0713", "0714", "0720", "0730",
    "0731", "0739", "0740", "0741", "0742", "0743", "0744", "0749", "0790", "0810", "0820", "0830", "0840", "0841",
    "0890", "0891", "0910", "0911", "0912", "0919", "0920", "0930", "0939", "1010", "1011", "1090", "1091", "1110",
    "1120", "1130", "1210", "1211", "1212", "1213", "1214", "1215", "1310", "1311", "1319", "1410", "1411", "1412",
    "1413", "1414", "1415", "1416", "1419", "1490", "1491", "1492", "1493", "1499", "1910", "1911", "1912", "1919",
];

/// A class of 1994, and the class of 2018 that it is for certain.
const SAME: &[(&str, &str)] = &[
    // row houses
    ("021", "0112"),
    // shopping centres and department stores
    ("112", "0311"),
    // holiday and rest homes
    ("123", "0322"),
    // offices
    ("151", "0400"),
    // central hospitals
    ("211", "0611"),
    // day nurseries
    ("231", "0810"),
    // prisons
    ("241", "0630"),
    // cinemas
    ("312", "0711"),
    // libraries and archives
    ("322", "0712"),
    // museums and art galleries
    ("323", "0713"),
    // parish halls
    ("342", "0731"),
    // ice rinks, swimming halls
    ("351", "0740"),
    ("352", "0741"),
    // general, vocational and higher education, research
    ("511", "0820"),
    ("521", "0830"),
    ("531", "0840"),
    ("532", "0841"),
    // industrial estates
    ("692", "0920"),
    // fire stations, shelters
    ("721", "1310"),
    ("722", "1311"),
    // grain dryers, greenhouses
    ("891", "1491"),
    ("892", "1490"),
    // saunas
    ("931", "1910"),
];

/// A class of 1994 as delivered: three digits, perhaps with the class's name behind them (`039 muut asuinkerrostalot`). None
/// if the list has no such class; a zero that was lost is not put back.
pub fn class_of_1994(written: &str) -> Option<&'static str> {
    let code = written.split_whitespace().next()?;
    OF_1994.iter().copied().find(|class| *class == code)
}

/// A class of 2018 as delivered: four digits, perhaps with the class's name behind them. None if the list has no such class.
pub fn class_of_2018(written: &str) -> Option<&'static str> {
    let code = written.split_whitespace().next()?;
    OF_2018.iter().copied().find(|class| *class == code)
}

/// The class of 2018 that a class of 1994 is for certain; none if that is not certain.
pub fn in_2018(class_of_1994: &str) -> Option<&'static str> {
    SAME.iter().find(|(old, _)| *old == class_of_1994).map(|(_, new)| *new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_5_2_a_code_is_of_a_list_with_its_zeros() {
        assert_eq!(class_of_1994("039 muut asuinkerrostalot"), Some("039"));
        assert_eq!(class_of_2018("0121 asuinkerrostalot"), Some("0121"));
        for wrong in ["", " ", "39", "0039", "0121", "ei tiedossa", "998", "???"] {
            assert_eq!(class_of_1994(wrong), None, "{wrong}");
        }
        for wrong in ["", "121", "110", "039", "00121", "0122"] {
            assert_eq!(class_of_2018(wrong), None, "{wrong}");
        }
        assert_eq!((OF_1994.len(), OF_2018.len()), (77, 98));
    }

    #[test]
    fn section_5_2_only_what_is_certain_is_paired() {
        for (old, new) in SAME {
            assert!(class_of_1994(old).is_some() && class_of_2018(new).is_some(), "{old} {new}");
        }
        let mut old: Vec<_> = SAME.iter().map(|(old, _)| old).collect();
        old.dedup();
        assert_eq!(old.len(), SAME.len());
        assert!(old.is_sorted());
        assert_eq!(in_2018("511"), Some("0820"));
        for open in ["011", "012", "032", "039", "041", "119", "999", "0820"] {
            assert_eq!(in_2018(open), None, "{open}");
        }
    }
}
