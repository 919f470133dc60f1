//! Which columns of the delivery's sheets are read, by their names without hyphens, blanks and line ends.

use crate::sources::buildings::BuildingsError;
use crate::sources::buildings::sheet::{Column, Sheet};

pub(super) struct BuildingColumns {
    pub(super) id: Column,
    pub(super) state: Column,
    pub(super) north: Column,
    pub(super) east: Column,
    pub(super) use_1994: Column,
    pub(super) use_2018: Column,
    pub(super) completed: Column,
    pub(super) area: Column,
    pub(super) storeys: Column,
    pub(super) dwellings: Column,
    /// Sewer, water, electricity, gas, cable.
    pub(super) equipment: [Column; 5],
    pub(super) connections: [Column; 5],
}

impl BuildingColumns {
    pub(super) fn of(sheet: &Sheet<'_>) -> Result<Self, BuildingsError> {
        Ok(Self {
            id: sheet.needed("rakennustunnus")?,
            state: sheet.column(&["käytössäolotilanne"])?,
            north: sheet.column(&["pohjoiskoordinaatti"])?,
            east: sheet.column(&["itäkoordinaatti"])?,
            use_1994: sheet.column(&["käyttötarkoitus"])?,
            use_2018: sheet.column(&["rakennusluokka"])?,
            completed: sheet.column(&["valmistumispäivä"])?,
            area: sheet.column(&["kokonaisala"])?,
            storeys: sheet.column(&["kerrosluku"])?,
            dwellings: sheet.column(&["huoneistojenlukumäärä", "huoneistojenlkm"])?,
            equipment: [
                sheet.column(&["viemäri"])?,
                sheet.column(&["vesijohto"])?,
                sheet.column(&["sähkö"])?,
                sheet.column(&["kaasu"])?,
                sheet.column(&["kaapeli"])?,
            ],
            connections: [
                sheet.column(&["viemäriliittymä"])?,
                sheet.column(&["vesijohtoliittymä", "vesiliittymä"])?,
                sheet.column(&["sähköliittymä"])?,
                sheet.column(&["kaasuliittymä", "maakaasuliittymä"])?,
                sheet.column(&["kaapeliliittymä"])?,
            ],
        })
    }
}

pub(super) struct AddressColumns {
    pub(super) id: Column,
    pub(super) number: Column,
    /// Finnish, Swedish.
    pub(super) street: [Column; 2],
    pub(super) house: Column,
    pub(super) postal_code: Column,
    pub(super) post_office: [Column; 2],
}

impl AddressColumns {
    pub(super) fn of(sheet: &Sheet<'_>) -> Result<Self, BuildingsError> {
        Ok(Self {
            id: sheet.needed("rakennustunnus")?,
            number: sheet.column(&["osoitenumero"])?,
            street: [sheet.column(&["kadunnimisuomeksi"])?, sheet.column(&["kadunnimiruotsiksi"])?],
            house: sheet.column(&["katunumero"])?,
            postal_code: sheet.column(&["postinumero"])?,
            post_office: [
                sheet.column(&["postitoimipaikannimisuomeksi"])?,
                sheet.column(&["postitoimipaikannimiruotsiksi"])?,
            ],
        })
    }
}

pub(super) struct OwnerColumns {
    pub(super) building: Column,
    pub(super) code: Column,
    pub(super) business: Column,
    pub(super) name: Column,
    pub(super) from: Column,
    pub(super) until: Column,
    pub(super) died: Column,
}

impl OwnerColumns {
    pub(super) fn of(sheet: &Sheet<'_>) -> Result<Self, BuildingsError> {
        Ok(Self {
            building: sheet.needed("rakennustunnus")?,
            code: sheet.needed("henkilötunnus")?,
            business: sheet.needed("ytunnus")?,
            name: sheet.column(&["omistajannimi"])?,
            from: sheet.column(&["omistuksenalkupäivä"])?,
            until: sheet.column(&["omistuksenloppupäivä"])?,
            died: sheet.column(&["omistajankuolinpäivä"])?,
        })
    }
}

pub(super) struct DwellingColumns {
    pub(super) building: Column,
    pub(super) address: Column,
    pub(super) stair: Column,
    pub(super) number: Column,
    pub(super) division: Column,
}

impl DwellingColumns {
    pub(super) fn of(sheet: &Sheet<'_>) -> Result<Self, BuildingsError> {
        Ok(Self {
            building: sheet.needed("rakennustunnus")?,
            address: sheet.needed("osoitenumero")?,
            stair: sheet.needed("huoneistokirjain")?,
            number: sheet.needed("huoneistonumero")?,
            division: sheet.needed("jakokirjain")?,
        })
    }
}
