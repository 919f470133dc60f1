//! Tests: the same size, seed and day give the same bytes, in whatever order blocks are made, on every machine.

use ennakko_core::identity::{IdentityCode, PermanentBuildingId};
use ennakko_core::record::{CustodyRecord, Delivery};

use super::{City, day, key_of};

/// FNV-1a over everything a block tells, what `Debug` hides included.
fn digest(blocks: impl Iterator<Item = Delivery>) -> u64 {
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    let mut tell = |text: String| {
        for byte in text.bytes() {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for block in blocks {
        for resident in &block.residents {
            let names = resident.names.as_ref().map(|names| format!("{} {}", names.given, names.family));
            let codes: Vec<&str> =
                resident.former_codes.iter().chain(&resident.code).map(IdentityCode::as_str).collect();
            let life = (resident.key, &resident.born, resident.sex, resident.dead, &resident.language);
            let home = (&resident.municipality, &resident.dwelling, &resident.dwelling_since, resident.protection);
            tell(format!("{life:?}{home:?}{:?}{names:?}{codes:?}", resident.custodians));
        }
        for pair in &block.custody {
            let CustodyRecord { child, custodian, kind, from, until, may_decide, rights } = pair;
            assert!(rights.is_empty(), "the sample divides custody in words only");
            // written as the number below was
            tell(format!(
                "CustodyRecord {{ child: {child:?}, custodian: {custodian:?}, kind: {kind:?}, from: {from:?}, \
                 until: {until:?}, may_decide: {may_decide:?} }}{} {}",
                key_of(child),
                key_of(custodian)
            ));
        }
        for dwelling in &block.dwellings {
            let street = dwelling.address.as_ref().known().map(|address| &address.street);
            let building = dwelling.building.as_ref().map(PermanentBuildingId::as_str);
            tell(format!("{}{building:?}{:?}{street:?}", dwelling.id, dwelling.members));
        }
        for building in &block.buildings {
            tell(format!("{}{building:?}", building.id.as_str()));
        }
        tell(format!("{:?}", block.deaths));
    }
    digest
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let city = City::plan(3_000, 42).unwrap();
    let whole = digest(city.on(day()).blocks());
    let again = City::plan(3_000, 42).unwrap();
    let snapshot = again.on(day());
    // in chunks, the last one made first
    let (half, n) = (snapshot.len() / 2, snapshot.len());
    let back: Vec<Delivery> = (half..n).map(|at| snapshot.block(at)).collect();
    let front: Vec<Delivery> = (0..half).map(|at| snapshot.block(at)).collect();
    assert_eq!(digest(front.into_iter().chain(back)), whole);
    assert_ne!(digest(City::plan(3_000, 43).unwrap().on(day()).blocks()), whole);
    assert_eq!(whole, 3_406_008_057_186_296_853, "written down once; a change here is another city for every seed");
}
