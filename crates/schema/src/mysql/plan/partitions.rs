//! Partitions.

use crate::mysql::{Server, Table, write};

/// How the partitions of a table come to be others.
pub(super) enum Partitions {
    /// They are equal.
    Equal,
    /// A clause at the end of `ALTER TABLE`: every row is written again.
    Anew(String),
    /// A statement of its own that adds partitions behind the last one.
    Appended(String),
}

/// The change of a table's partitions. None is ever dropped with its rows: a row whose partition
/// is gone goes where the new ones put it, or the server refuses.
pub(super) fn partitions(from: &Table, to: &Table, server: Server) -> Partitions {
    let syntax = server.syntax();
    match (&from.partitioning, &to.partitioning) {
        (before, after) if before == after => Partitions::Equal,
        (_, None) => Partitions::Anew("REMOVE PARTITIONING".to_owned()),
        (None, Some(after)) => Partitions::Anew(write::unquoted(after, syntax)),
        (Some(before), Some(after)) => match appended(before, after) {
            Some(added) => Partitions::Appended(format!(
                "ALTER TABLE {} ADD PARTITION ({})",
                write::name(&to.name),
                write::unquoted(added, syntax)
            )),
            None => Partitions::Anew(write::unquoted(after, syntax)),
        },
    }
}

/// What follows when one text is the start of the other: the server prints partitions in a list
/// that ends with `)`.
fn appended<'a>(before: &str, after: &'a str) -> Option<&'a str> {
    let listed = before.contains("VALUES");
    let start = before.strip_suffix(')')?;
    let rest = after.strip_prefix(start)?.strip_prefix(',')?;
    listed.then(|| rest.strip_suffix(')')).flatten().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_behind_the_last_are_told() {
        let check = |before, after, expected| assert_eq!(appended(before, after), expected);
        let one = "PARTITION BY RANGE (a)\n(PARTITION p0 VALUES LESS THAN (1))";
        let two = "PARTITION BY RANGE (a)\n(PARTITION p0 VALUES LESS THAN (1),\n PARTITION p1 \
                   VALUES LESS THAN (2))";
        check(one, two, Some("PARTITION p1 VALUES LESS THAN (2)"));
        check(two, one, None);
        check("PARTITION BY HASH (a)\nPARTITIONS 2", "PARTITION BY HASH (a)\nPARTITIONS 4", None);
    }
}
