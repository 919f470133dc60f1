//! Buildings: the open address file, and the sheets of the licensed delivery.

use std::io::Read;

use ennakko::core::identity::Artificial;
use ennakko::sources::buildings::place::System;
use ennakko::sources::buildings::{
    DeliveryProfile, Encoding, Rows, SheetForm, Sheets, copy_rows, read_addresses, read_delivery,
};

use crate::{day, whole};

/// The open address file; rows set aside are a file again.
pub fn addresses(bytes: &[u8]) {
    let Ok(file) = read_addresses(bytes, Artificial::Only) else { return };
    let aside = whole(file.loaded);
    let mut copied = Vec::new();
    copy_rows(bytes, Rows::AddressFile, &aside, &mut copied).unwrap();
    let again = read_addresses(&copied[..], Artificial::Only).unwrap();
    assert_eq!(again.loaded.read, aside.len(), "rows set aside are lost on the way to their file");
}

/// The sheets, each after a byte of zeros.
pub fn delivery(bytes: &[u8]) {
    for encoding in [Encoding::Utf8, Encoding::Latin1] {
        let mut parts = bytes.split(|byte| *byte == 0);
        let mut buildings = parts.next().unwrap_or_default();
        let mut others: Vec<Option<&[u8]>> = (0..3).map(|_| parts.next()).collect();
        let mut others = others.iter_mut().map(|part| part.as_mut().map(|part| part as &mut dyn Read));
        let sheets = Sheets {
            form: SheetForm { delimiter: b';', encoding },
            buildings: &mut buildings,
            addresses: others.next().flatten(),
            owners: others.next().flatten(),
            dwellings: others.next().flatten(),
        };
        let profile = DeliveryProfile { extracted_on: day(), artificial: Artificial::Only, system: System::Tm35Fin };
        if let Ok(loaded) = read_delivery(sheets, profile) {
            let set_aside = loaded.issues.iter().filter(|issue| issue.sets_aside).count();
            assert_eq!(loaded.read, loaded.used + set_aside);
            crate::built(loaded.delivery);
        }
    }
}
