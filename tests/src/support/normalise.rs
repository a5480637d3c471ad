//! Makes the output of two runs comparable: paths, names, times and hashes become words.

/// What to replace.
#[derive(Debug, Clone, Default)]
pub(super) struct Normaliser {
    replaced: Vec<(String, &'static str)>,
}

impl Normaliser {
    /// Replaces a text of this run; the longest first.
    pub(super) fn replace(&mut self, text: &str, word: &'static str) {
        if !text.is_empty() {
            self.replaced.push((text.to_owned(), word));
            self.replaced.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        }
    }

    /// The text with words for everything that varies.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (from, to) in &self.replaced {
            text = text.replace(from.as_str(), to);
        }
        let words = text.split_inclusive(|c: char| !is_word(c)).map(word);
        columns(&durations(words.collect()).concat())
    }
}

/// The width of a column follows the longest path in it: two spaces are enough here.
fn columns(text: &str) -> String {
    let mut shown = String::new();
    for line in text.split_inclusive('\n') {
        let words = line.trim_start_matches(' ');
        shown.push_str(&line[..line.len() - words.len()]);
        let mut spaces = 0;
        for c in words.chars() {
            spaces = if c == ' ' { spaces + 1 } else { 0 };
            if spaces <= 2 {
                shown.push(c);
            }
        }
    }
    shown
}

/// A number and its unit are two words; so are a server and its version.
fn durations(mut pieces: Vec<String>) -> Vec<String> {
    for at in 1..pieces.len() {
        let number = pieces[at - 1].strip_suffix(' ').is_some_and(is_number);
        if pieces[at - 1] == "SQLite " {
            pieces[at] = "[version] ".to_owned();
        }
        let end = pieces[at].strip_prefix("ms").or_else(|| pieces[at].strip_prefix('s'));
        let end = end.filter(|end| end.chars().all(|c| !c.is_ascii_alphanumeric()));
        if at > 1
            && pieces[at - 1].ends_with("iB/")
            && pieces[at - 2].strip_suffix(' ').is_some_and(is_number)
        {
            pieces[at] = pieces[at].replacen('s', "[rate]", 1);
            pieces[at - 1].clear();
            pieces[at - 2].clear();
        } else if let (true, Some(end)) = (number, end) {
            pieces[at] = format!("[took]{end}");
            pieces[at - 1].clear();
        }
    }
    pieces
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '.')
}

/// One word and the separator after it.
fn word(piece: &str) -> String {
    let end = piece.trim_end_matches(|c| !is_word(c));
    let (word, separator) = piece.split_at(end.len());
    let (word, stop) = match word.strip_suffix(['.', ':']) {
        Some(shorter) => (shorter, &word[shorter.len()..]),
        None => (word, ""),
    };
    if let Some((start, rest)) = around_stamp(word) {
        return format!("{start}_[stamp]{rest}{stop}{separator}");
    }
    format!("{}{stop}{separator}", name(word).unwrap_or(word))
}

/// What is around the time in the name of a backup, `x_20260102T030405Z.db`, or of what it
/// replaced, `x_20260102030405`; one of the same second has a number too.
fn around_stamp(word: &str) -> Option<(&str, &str)> {
    for (at, _) in word.match_indices('_') {
        let stamp = &word[at + 1..];
        let utc = stamp.get(..16).is_some_and(|start| is_shape(start, "00000000T000000Z"));
        if utc || (stamp.len() == 14 && is_number(stamp)) {
            let rest = stamp.trim_start_matches(|c: char| "TZ_".contains(c) || c.is_ascii_digit());
            return Some((&word[..at], rest));
        }
    }
    None
}

fn name(word: &str) -> Option<&'static str> {
    let (head, hash) = word.split_once(':').unwrap_or(("", word));
    let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    if hash.len() == 64 && hex(hash) {
        return Some(match head {
            "sha256" => "sha256:[hash]",
            "tokens" => "tokens:[hash]",
            "was" => "was:[hash]",
            _ => "[hash]",
        });
    }
    let groups: Vec<usize> = word.split('-').map(str::len).collect();
    if groups == [8, 4, 4, 4, 12] && word.split('-').all(hex) {
        return Some("[uuid]");
    }
    if is_shape(word, "0000-00-00T00:00:00") {
        return Some("[time]");
    }
    if is_shape(word, "0000-00-00") {
        return Some("[date]");
    }
    if is_shape(word, "00:00:00") {
        return Some("[clock]");
    }
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    (is_number(number) && matches!(&word[number.len()..], "ms" | "s")).then_some("[took]")
}

/// Whether a word begins with a shape, where `0` is any digit, and goes on with a fraction at most.
fn is_shape(word: &str, shape: &str) -> bool {
    let rest = word.as_bytes();
    let matches = rest.len() >= shape.len()
        && shape.bytes().zip(rest).all(|(want, found)| match want {
            b'0' => found.is_ascii_digit(),
            other => other == *found,
        });
    matches && rest[shape.len()..].iter().all(|b| b.is_ascii_digit() || b".:-Z".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_becomes_a_word() {
        fn check(text: &str, expected: &str) {
            let mut normaliser = Normaliser::default();
            normaliser.replace("/tmp/x", "[root]");
            normaliser.replace("/tmp/x/home", "[home]");
            assert_eq!(normaliser.apply(text), expected);
        }
        let hash = "0".repeat(64);
        check("in /tmp/x/home/a and /tmp/x.", "in [home]/a and [root].");
        check(&format!("sealed sha256:{hash} a"), "sealed sha256:[hash] a");
        check(&format!("found {hash}, "), "found [hash], ");
        check("at 2026-01-02T03:04:05.678Z, 12ms", "at [time], [took]");
        check("b_20260102T030405Z_2.db (3.1 MiB/s)", "b_[stamp].db ([rate])");
        check("2026-01-02 03:04:05 (1.5 s)", "[date] [clock] ([took])");
        check("in 12 ms\n3 seeds, 1 statement", "in [took]\n3 seeds, 1 statement");
        check("  a    b  c\nSQLite 3.51.3 x", "  a  b  c\nSQLite [version] x");
        check("id 123e4567-e89b-42d3-a456-426614174000.", "id [uuid].");
        check("XDB0101: exit 4 at 3:14", "XDB0101: exit 4 at 3:14");
        check("20260102030405_create", "20260102030405_create");
    }
}
