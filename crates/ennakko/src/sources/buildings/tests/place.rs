//! Section 5.4: coordinates. Expected values are PROJ's own (9.5.1, by pyproj 3.7.2: `Transformer.from_crs(4326, 3067)`, 3879).

use crate::sources::buildings::place::{Axes, Place, PlaceError, Projections, System};
/// Latitude, longitude; easting and northing in ETRS-TM35FIN; the same in ETRS-GK25. The first five are schools of Helsinki, the
/// others corners of the country.
const PLACES: &[[f64; 6]] = &[
    [60.188_267, 24.951_384, 386_395.044, 6_674_140.845, 25_497_302.655, 6_675_049.370],
    [60.230_7, 25.089_437, 394_185.989, 6_678_635.783, 25_504_955.797, 6_679_779.443],
    [60.210_224, 24.945_88, 386_165.972, 6_676_594.909, 25_496_999.284, 6_677_495.961],
    [60.254_704, 24.930_28, 385_457.003, 6_681_574.088, 25_496_139.568, 6_682_452.564],
    [60.238_82, 24.900_393, 383_747.075, 6_679_857.921, 25_494_482.039, 6_680_684.950],
    [60.0, 25.0, 388_455.958, 6_653_097.435, 25_500_000.0, 6_654_072.819],
    [65.0, 27.0, 500_000.0, 7_208_454.582, 25_594_338.748, 7_212_831.579],
    [60.1, 19.5, 83_531.712, 6_686_228.431, 25_194_263.382, 6_677_949.905],
    [62.9, 31.5, 728_578.203, 6_982_444.180, 25_830_084.061, 6_993_931.679],
    [69.06, 20.6, 245_130.318, 7_674_364.306, 25_324_563.446, 7_670_413.352],
    [69.9, 28.9, 572_862.597, 7_755_856.114, 25_649_552.586, 7_762_606.731],
];

#[test]
fn section_5_4_every_system_into_every_other_as_proj_does() {
    let projections = Projections::new().unwrap();
    for [latitude, longitude, east, north, gk_east, gk_north] in PLACES {
        let places = [
            Place::new(*latitude, *longitude, System::Wgs84).unwrap(),
            Place::new(*north, *east, System::Tm35Fin).unwrap(),
            Place::new(*gk_north, *gk_east, System::Gk25).unwrap(),
        ];
        for from in places {
            for expected in places {
                let found = projections.convert(from, expected.system()).unwrap();
                // a millimetre, the last digit of the expected values; of degrees, what that is on the ground
                let tolerance = if expected.system() == System::Wgs84 { 2e-8 } else { 0.001 };
                assert!((found.north() - expected.north()).abs() < tolerance, "{from:?} {expected:?} {found:?}");
                assert!((found.east() - expected.east()).abs() < tolerance, "{from:?} {expected:?} {found:?}");
            }
            let location = projections.location(from).unwrap();
            assert_eq!(location.epsg, 3067);
            let whole = |metres: f64| format!("{metres:.0}");
            assert_eq!(
                [location.north_m, location.east_m].map(|metres| metres.to_string()),
                [whole(*north), whole(*east)]
            );
        }
    }
}

#[test]
fn section_5_4_scientific_notation() {
    let place = Place::read_pair("2.55075382107937E7,6677435.2", Axes::EastFirst, System::Gk25).unwrap();
    let location = Projections::new().unwrap().location(place).unwrap();
    // PROJ: 396695.530, 6676215.028
    assert_eq!((location.east_m, location.north_m), (396_696, 6_676_215));
}

#[test]
fn section_5_4_exchanged_axes_are_told_from_other_places() {
    let check =
        |north, east, system, expected| assert_eq!(Place::new(north, east, system), Err(expected), "{north} {east}");
    check(385_771.0, 6_672_071.0, System::Tm35Fin, PlaceError::Exchanged);
    check(25_496_741.0, 6_672_961.0, System::Gk25, PlaceError::Exchanged);
    check(24.94, 60.17, System::Wgs84, PlaceError::Exchanged);
    // of another system, of another country, not numbers
    check(6_672_071.0, 25_496_741.0, System::Tm35Fin, PlaceError::Outside);
    check(6_672_071.0, 385_771.0, System::Gk25, PlaceError::Outside);
    check(59.33, 18.06, System::Wgs84, PlaceError::Outside);
    check(f64::NAN, 385_771.0, System::Tm35Fin, PlaceError::Outside);
    check(f64::INFINITY, f64::INFINITY, System::Tm35Fin, PlaceError::Outside);
    for text in ["", "6672071", "6672071;385771", "a,b", "6672071,385 771"] {
        let read = Place::read_pair(text, Axes::NorthFirst, System::Tm35Fin);
        assert_eq!(read, Err(PlaceError::NotNumbers), "{text}");
    }
}
