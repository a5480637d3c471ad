//! Columns that no statement turns into what they should be.

use crate::mysql::{Column, Generated};

/// Types that turn into text and back, and into nothing else (4078).
const CLOSED: [&str; 3] = ["uuid", "inet4", "inet6"];
const PLACES: [&str; 8] = [
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
];
const TEXTS: [&str; 14] = [
    "char",
    "varchar",
    "tinytext",
    "text",
    "mediumtext",
    "longtext",
    "binary",
    "varbinary",
    "tinyblob",
    "blob",
    "mediumblob",
    "longblob",
    "enum",
    "set",
];

/// The column is dropped and added: what is kept virtual cannot be kept otherwise (1907), and
/// between some types there is no way.
pub(crate) fn is_made_again(from: &Column, to: &Column) -> bool {
    let is_virtual = |column: &Column| column.generated == Some(Generated::Virtual);
    is_virtual(from) != is_virtual(to)
        || (!is_virtual(to) && !is_convertible(&from.data_type, &to.data_type))
}

/// Whether the server has a way from one type to the other.
pub(crate) fn is_convertible(from: &str, to: &str) -> bool {
    let (from, to) = (base(from), base(to));
    let text = |kind: &str| TEXTS.contains(&kind);
    let closed = |kind: &str| CLOSED.contains(&kind);
    let place = |kind: &str| PLACES.contains(&kind);
    if from == to || text(from) || text(to) {
        return true;
    }
    !closed(from) && !closed(to) && place(from) == place(to)
}

fn base(data_type: &str) -> &str {
    data_type.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_types_are_no_way_from_each_other() {
        let check = |from, to, expected| assert_eq!(is_convertible(from, to), expected, "{from}");
        check("int(11)", "varchar(9)", true);
        check("int(11)", "uuid", false);
        check("uuid", "inet6", false);
        check("varchar(36)", "uuid", true);
        check("point", "polygon", true);
        check("datetime(3)", "point", false);
        check("longtext", "point", true);
    }
}
