//! The forms in which other systems read offers: written by hand, versioned, each with a JSON schema in `schema/`.
//!
//! Domain types are not serialisable, and what would reveal a home cannot become part of a wire type by mistake:
//!
//! ```
//! fn can_be_sent<T: serde::Serialize>() {}
//! can_be_sent::<ennakko_offers::wire::v1::OfferV1>();
//! can_be_sent::<String>();
//! ```
//!
//! ```compile_fail,E0277
//! fn can_be_sent<T: serde::Serialize>() {}
//! can_be_sent::<ennakko_core::protected::Protected<String>>();
//! ```
//!
//! ```compile_fail,E0277
//! fn can_be_sent<T: serde::Serialize>() {}
//! can_be_sent::<ennakko_offers::Offer>();
//! ```

pub mod v1;
