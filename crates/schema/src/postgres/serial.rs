//! Columns that `serial` makes: an owned sequence and a default that asks it.

use super::change::Site;
use super::name::text;
use super::{Catalog, Member, Name, Object, SequenceOptions};

/// Bytes of a name; longer ones are cut by the server.
const NAME_BYTES_MAX: usize = 63;

/// `serial` and its like, when it makes just what the column is and the plan makes both.
pub(super) fn word(site: &Site<'_>, member: &Member) -> Option<&'static str> {
    let made = site.makes(&Object::Column(member.clone()))
        && site.makes(&Object::Default(member.clone()))
        && site.makes(&Object::Sequence(sequence_name(member)));
    if made { of(site.to, member) } else { None }
}

fn of(catalog: &Catalog, member: &Member) -> Option<&'static str> {
    let column = catalog.column(member)?;
    let word = match column.type_name.as_str() {
        "smallint" => "smallserial",
        "integer" => "serial",
        "bigint" => "bigserial",
        _ => return None,
    };
    let name = sequence_name(member);
    let sequence = catalog.sequences.get(&name)?;
    let plain = column.not_null && column.compression.is_none() && column.collation.is_none();
    let usual = sequence.options == SequenceOptions::of(&column.type_name)
        && sequence.owner.as_ref() == Some(member)
        && sequence.unlogged == catalog.tables.get(&member.of)?.unlogged
        && column.default.as_deref() == Some(&next_value(&name));
    (plain && usual).then_some(word)
}

/// The sequence that comes with `serial` when the plan makes the column.
pub(super) fn comes_with(site: &Site<'_>, sequence: &Name) -> Option<Member> {
    let owner = site.to.sequences.get(sequence)?.owner.clone()?;
    (sequence_name(&owner) == *sequence && word(site, &owner).is_some()).then_some(owner)
}

/// The name that the server gives the sequence of a column.
pub(super) fn sequence_name(member: &Member) -> Name {
    member.of.beside(made_name(&member.of.name, &member.name, "seq"))
}

/// The default that asks a sequence.
pub(super) fn next_value(sequence: &Name) -> String {
    format!("nextval({}::regclass)", text(&sequence.to_string()))
}

/// `first_second_label`, the longer of the two cut until it fits (`makeObjectName` of the server).
pub(super) fn made_name(first: &str, second: &str, label: &str) -> String {
    let rest = label.len() + 1 + usize::from(!second.is_empty());
    let (mut a, mut b) = (first.len(), second.len());
    while a + b + rest > NAME_BYTES_MAX {
        if a > b { a -= 1 } else { b -= 1 }
    }
    let cut = |text: &str, mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text[..at].to_owned()
    };
    let parts = [cut(first, a), cut(second, b), label.to_owned()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_as_the_server_makes_them() {
        let check = |first: &str, second: &str, label: &str, expected: &str| {
            assert_eq!(made_name(first, second, label), expected);
        };
        check("users", "id", "seq", "users_id_seq");
        check("users", "", "pkey", "users_pkey");
        let long = "a".repeat(63);
        check(&long, "id", "seq", &format!("{}_id_seq", "a".repeat(56)));
        check(&long, &long, "seq", &format!("{}_{}_seq", "a".repeat(29), "a".repeat(29)));
        check(&"é".repeat(31), "id", "seq", &format!("{}_id_seq", "é".repeat(28)));
    }
}
