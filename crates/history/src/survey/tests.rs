//! One line per case: disk, lock file and ledger in, states out. See `scenario` for the words.

use crate::scenario::{history, ledger, letter};
use crate::{Survey, survey};

/// Every list but `applied` and `drafts` as text.
fn shown(found: &Survey) -> String {
    let mut parts = Vec::new();
    let mut list = |word: &str, names: Vec<String>| {
        if !names.is_empty() {
            parts.push(format!("{word} {}", names.join(" ")));
        }
    };
    let one = |name: &str| letter(name).to_owned();
    let ids = |ids: &[crate::MigrationId]| ids.iter().map(|id| one(id.as_str())).collect();
    let begun = |list: &[crate::Unfinished]| {
        let mark = |on_disk| if on_disk { "" } else { "?" };
        list.iter().map(|it| format!("{}{}", letter(&it.row.name), mark(it.on_disk))).collect()
    };
    list("pending", ids(&found.pending));
    list("running", begun(&found.running));
    list("failed", begun(&found.failed));
    list("rolled back", found.rolled_back.iter().map(|it| one(it.id.as_str())).collect());
    let edited = |cosmetic| {
        let those = found.edited.iter().filter(move |it| it.cosmetic == cosmetic);
        those.map(|it| one(it.id.as_str())).collect()
    };
    list("edited", edited(false));
    list("cosmetic", edited(true));
    list("restamp", ids(&found.restamp));
    list("missing", found.missing.iter().map(|row| one(&row.name)).collect());
    list("ahead", found.ahead.iter().map(|it| one(&it.row.name)).collect());
    list("out of order", ids(&found.out_of_order));
    let renamed = found.renamed.iter();
    list(
        "renamed",
        renamed.map(|it| format!("{}={}", letter(&it.from), letter(it.to.as_str()))).collect(),
    );
    if found.conflict() {
        parts.push("conflict".to_owned());
    } else if found.up_to_date() {
        parts.push("up to date".to_owned());
    }
    parts.join("; ")
}

fn check(disk: &str, lock: &str, rows: &str, expected: &str) {
    let found = survey(&history(disk, lock), &ledger(rows), false);
    assert_eq!(shown(&found), expected, "{disk} | {lock} | {rows}");
}

#[test]
fn pending_and_applied() {
    check("", "", "", "up to date");
    check("a b c", "a b c", "", "pending a b c");
    check("a b c", "a b c", "a", "pending b c");
    check("a b c", "a b c", "a b c", "up to date");
    check("a b c", "a b c", "c a b", "up to date");
    check("a b", "a ?b", "a", "pending b");
    check("a b", "a", "a", "pending b");
    check("a b", "a", "a b", "up to date");
}

#[test]
fn attempts() {
    check("a b", "a b", "a b!", "failed b; conflict");
    check("a b c", "a b c", "a b!", "pending c; failed b; conflict");
    check("a b", "a b", "a b^", "pending b; rolled back b");
    check("a b", "a b", "a b^ b^ b", "up to date");
    check("a b", "a b", "a b^ b!", "failed b; conflict");
    check("a b", "a b", "a b b^", "up to date");
    check("a b", "a b", "a b! b", "up to date");
    check("a b", "a b", "a b b!", "failed b; conflict");
    check("a", "a", "a b!", "failed b?; conflict");
    check("a", "a", "a b^", "up to date");
    check("a b c", "a b c", "a c! b!", "failed b c; conflict");
    let given_up = survey(&history("a b", "a b"), &ledger("b^ a b^ b^"), false);
    assert_eq!(given_up.rolled_back[0].row.row_id, "3");
    let begun = survey(&history("a b", "a b"), &ledger("a b! c!"), true);
    assert_eq!(shown(&begun), "running b c?");
    assert!(!begun.up_to_date());
}

#[test]
fn edits() {
    check("a b", "a b", "a b*", "edited b; conflict");
    check("a b*", "a b", "a b", "edited b; conflict");
    check("a b*", "a b*", "a b", "edited b; conflict");
    check("a b*", "a b*<", "a b", "restamp b; up to date");
    check("a b~", "a b~<", "a b", "restamp b; up to date");
    check("a~ b~", "a~< b~<", "b a", "restamp a b; up to date");
    check("a b", "a b", "b* a*", "edited a b; conflict");
    check("a b~", "a b~<", "a b~", "up to date");
    check("a b~", "a b~<", "a b*", "edited b; conflict");
    check("a b~", "a b", "a b", "cosmetic b");
    check("a b~", "a b", "a b~", "cosmetic b");
    check("a b~", "a b", "a b*", "edited b; conflict");
    check("a b~", "a b~", "a b", "edited b; conflict");
    check("a b*", "a b~<", "a b", "edited b; conflict");
    check("a b", "a b~<", "a b", "cosmetic b");
    // nothing is edited before it is applied
    check("a b*", "a b", "a", "pending b");
    check("a b*", "a b", "a b^", "pending b; rolled back b");
    check("a b*", "a ?b", "a b", "edited b; conflict");
    check("a b*", "a", "a b", "edited b; conflict");
    check("a b*", "a ?b", "a b*", "up to date");
}

#[test]
fn checksums_of_other_tools() {
    check("a b c", "a b c", "ar bm cw", "up to date");
    check("a b c", "a ?b", "au br cm", "up to date");
    check("a b", "a b", "a b*r", "edited b; conflict");
    // the disk no longer has the text that the CRLF checksum could be told by
    check("a b*", "a b", "a br", "edited b; conflict");
    let history = history("a", "a");
    let mut rows = ledger("a");
    rows[0].checksum = "no checksum".to_owned();
    assert_eq!(shown(&survey(&history, &rows, false)), "edited a; conflict");
    rows[0].checksum = format!("  {}  ", history.migrations[0].checksum);
    assert_eq!(shown(&survey(&history, &rows, false)), "up to date");
}

#[test]
fn missing_and_ahead() {
    check("a c", "a c", "a b c", "missing b; conflict");
    check("a c", "a -b c", "a b c", "up to date");
    check("a b", "a b", "a b c d", "ahead c d; up to date");
    check("a b", "a b -c", "a b c d", "ahead d; up to date");
    check("a", "a b", "a b", "ahead b; up to date");
    check("", "", "a", "missing a; conflict");
    let mut rows = ledger("a b");
    rows[1].name = "no version".to_owned();
    assert_eq!(shown(&survey(&history("a", "a"), &rows, false)), "missing no version; conflict");
}

#[test]
fn order() {
    check("a b c", "a b c", "a c", "pending b; out of order b; conflict");
    check("a b c", "a b+ c", "a c", "pending b");
    check("a b c", "a ?b c", "a c", "pending b; out of order b; conflict");
    check("a b c d", "a b c d", "c", "pending a b d; out of order a b; conflict");
    check("a b", "a b", "a c", "pending b; ahead c; out of order b; conflict");
    check("a b", "a b+", "a c", "pending b; ahead c");
    check("a b c", "a b c", "c b^", "pending a b; rolled back b; out of order a b; conflict");
    check("a b c", "a b c", "a c!", "pending b; failed c; conflict");
    // what is not on disk and not ahead orders nothing
    check("a b d", "a b -c d", "a c", "pending b d");
    check("a b d", "a b d", "a c", "pending b d; missing c; conflict");
    check("A a", "A a", "a", "pending A; out of order A; conflict");
}

#[test]
fn renames() {
    check("a c=b", "a c=b", "a b", "renamed b=c; conflict");
    check("a c=b d", "a c=b d", "a b", "pending d; renamed b=c; conflict");
    check("a b=c", "a b=c", "a c", "renamed c=b; conflict");
    check("a b=d c", "a b=d c", "a c d", "renamed d=b; conflict");
    check("a b d=c", "a b d=c", "a c", "pending b; out of order b; renamed c=d; conflict");
    check("a c=b", "a ?c", "a br", "renamed b=c; conflict");
    check("a c=b*", "a c=b*", "a b", "pending c; missing b; conflict");
    check("a c=b", "a -b c=b", "a b", "pending c");
    check("a c=b", "a c=b", "a b!", "pending c; failed b?; conflict");
    check("a c=b", "a c=b", "a b^", "pending c");
    check("a c=b", "a c=b", "a b c=b^", "rolled back c; renamed b=c; conflict");
    // equal texts: one to one, the first with the first
    check("a c=b d=b", "a c=b d=b", "a b", "pending d; renamed b=c; conflict");
    check("c d=c f", "c d=c f", "b=c a=c", "pending f; renamed a=c b=d; conflict");
    check("d", "d", "a=d b=d", "missing b; renamed a=d; conflict");
}

#[test]
fn applied_is_as_the_ledger_has_it() {
    let found = survey(&history("a b", "a ?b"), &ledger("c b^ a b d! e^"), false);
    let names: Vec<&str> = found.applied.iter().map(|row| letter(&row.name)).collect();
    assert_eq!(names, ["c", "a", "b"]);
    assert_eq!(found.applied[2].row_id, "3");
    assert_eq!(found.drafts.len(), 1);
}
