//! Swedish population data: posts in XML, and an answer in JSON.

use ennakko::sources::navet::{MissingMark, NavetProfile, Scope, copy_posts, read_json, read_xml};

use crate::whole;

const PROFILE: NavetProfile =
    NavetProfile { not_after: None, missing_mark: MissingMark::Unknown, scope: Scope::Everybody };

/// A file of posts; those set aside are a file again.
pub fn xml(bytes: &[u8]) {
    let Ok(loaded) = read_xml(bytes, PROFILE) else { return };
    let aside = whole(loaded);
    let mut copied = Vec::new();
    if copy_posts(bytes, &aside, &mut copied).is_ok()
        && let Ok(again) = read_xml(&copied[..], PROFILE)
    {
        assert_eq!(again.read, aside.len(), "posts set aside are lost on the way to their file");
    }
}

/// An answer of SUNET's client.
pub fn json(bytes: &[u8]) {
    if let Ok(loaded) = read_json(bytes, PROFILE) {
        whole(loaded);
    }
}
