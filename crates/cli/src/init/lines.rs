//! Lines added to files such as `.gitattributes`.

/// The text with the lines that it lacks, under a comment; none when it lacks none.
pub(super) fn with_lines(text: Option<&str>, comment: &str, lines: &[String]) -> Option<String> {
    let text = text.unwrap_or_default();
    let has = |line: &str| text.lines().any(|there| there.trim() == line);
    let missing: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !has(line)).collect();
    if missing.is_empty() {
        return None;
    }
    // a file with CRLF line ends keeps them
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut new = text.to_owned();
    if !new.is_empty() {
        let open = !new.ends_with('\n');
        new.push_str(if open { end } else { "" });
        new.push_str(end);
    }
    for line in [&[comment], missing.as_slice()].concat() {
        new.push_str(line);
        new.push_str(end);
    }
    Some(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: Option<&str>, expected: Option<&str>) {
        let lines = ["a eol=lf".to_owned(), "b".to_owned()];
        assert_eq!(with_lines(text, "# why", &lines).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn only_missing_lines_are_added() {
        check(None, Some("# why\na eol=lf\nb\n"));
        check(Some("x"), Some("x\n\n# why\na eol=lf\nb\n"));
        check(Some("x\r\n"), Some("x\r\n\r\n# why\r\na eol=lf\r\nb\r\n"));
        check(Some("b\n"), Some("b\n\n# why\na eol=lf\n"));
        check(Some("  b\na eol=lf"), None);
    }
}
