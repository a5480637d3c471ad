//! Names that some file system takes for one: equal but for case or Unicode form.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::FolderError;

/// Every pair of such names among those of one folder.
pub(crate) fn find<'a>(names: impl Iterator<Item = &'a str>) -> Vec<FolderError> {
    let mut seen = HashMap::new();
    let mut found = Vec::new();
    for name in names {
        if let Some(first) = seen.insert(folded(name), name) {
            let how = if first.nfc().eq(name.nfc()) {
                "Unicode form"
            } else if lower(first) == lower(name) {
                "case"
            } else {
                "case and Unicode form"
            };
            found.push(FolderError::Alike {
                first: first.to_owned(),
                second: name.to_owned(),
                how,
            });
        }
    }
    found
}

/// A key that is equal for names which NTFS, APFS or HFS+ may store as one.
fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    lower(&name.nfc().collect::<String>()).nfc().collect()
}

/// Lower case, character by character and by way of upper case: file systems know no context, and
/// to them a final sigma is a sigma.
fn lower(name: &str) -> String {
    let upper = |c: char| {
        let mut all = c.to_uppercase();
        all.next().filter(|_| all.next().is_none()).unwrap_or(c)
    };
    name.chars().flat_map(|c| upper(c).to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(first: &str, second: &str, expected: Option<&str>) {
        let found = find([first, "0_other", second].into_iter());
        let how: Vec<_> = found
            .iter()
            .map(|problem| match problem {
                FolderError::Alike { how, .. } => *how,
                other => panic!("{other}"),
            })
            .collect();
        assert_eq!(how, Vec::from_iter(expected), "{first} {second}");
    }

    #[test]
    fn pairs() {
        check("1_a", "1_b", None);
        check("1_a", "1_A", Some("case"));
        check("1_é", "1_É", Some("case"));
        check("1_caf\u{e9}", "1_cafe\u{301}", Some("Unicode form"));
        check("1_CAF\u{c9}", "1_cafe\u{301}", Some("case and Unicode form"));
        check("1_ΟΔΟΣ", "1_οδος", Some("case"));
        check("1_οδοσ", "1_οδος", Some("case"));
        check("1_straße", "1_strasse", None);
        check("1_ﬁ", "1_fi", None);
    }
}
