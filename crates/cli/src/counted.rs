//! Numbers of things, as people say them.

/// `1 migration`, `2 migrations`.
pub(crate) fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

/// `1 migration is`, `2 migrations are`.
pub(crate) fn counted_is(count: usize, thing: &str) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(count, thing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        let check = |count, expected: &str| assert_eq!(counted_is(count, "row"), expected);
        check(0, "0 rows are");
        check(1, "1 row is");
        check(2, "2 rows are");
    }
}
