//! The text of a lock file: strict reading, and writing.
//!
//! Invariant: what is written is read back as the same value.

use std::borrow::Cow;
use std::fmt;

use xtask_db_sql::Dialect;

use crate::error::visible;
use crate::id::field_key;
use crate::{Checksum, Entry, LockError, LockFile, MigrationId, Sealed, TextError, canonical};

const HEADER: &str = "# Written by `cargo xtask db`. Commit this file; do not edit it.";

/// The version that is written, and the only one that is read.
const VERSION: &str = "1";

/// How git begins the lines it adds around a conflict; `|` with `diff3` and `zdiff3`.
pub(crate) const MARKERS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// The lines of a lock file as they stand, each with its number from 1. Order is not checked.
pub(crate) struct Lines {
    pub(crate) provider: (u32, Dialect),
    pub(crate) table: (u32, String),
    pub(crate) entries: Vec<(u32, Entry)>,
}

/// The text of a lock file's bytes.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, LockError> {
    canonical(bytes).map_err(|problem| {
        let offset = match problem {
            TextError::NotUtf8 { offset } | TextError::Nul { offset } => offset,
            TextError::Utf16 => 0,
        };
        let line = 1 + bytes[..offset].iter().filter(|&&byte| byte == b'\n').count();
        syntax(u32::try_from(line).unwrap_or(u32::MAX), problem.to_string())
    })
}

/// The lines of a text with their numbers from 1. A checkout with CRLF or a BOM is read as well.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..).zip(text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)))
}

pub(crate) fn parse(text: &str) -> Result<LockFile, LockError> {
    let marked = |line: &str| MARKERS.iter().any(|marker| line.starts_with(marker));
    if let Some((line, _)) = numbered(text).find(|(_, line)| marked(line)) {
        return Err(LockError::Conflict { line });
    }
    let lines = read_lines(numbered(text))?;
    for (at, pair) in lines.entries.windows(2).enumerate() {
        let [(_, first), (line, second)] = pair else { continue };
        if first.id() < second.id() {
            continue;
        }
        let id = second.id();
        if lines.entries[..=at].iter().any(|(_, entry)| entry.id() == id) {
            return Err(LockError::Twice { line: *line, id: id.clone() });
        }
        let problem =
            format!("{id} stands after {}, which is later; `lock --merge` sorts them", first.id());
        return Err(syntax(*line, problem));
    }
    Ok(LockFile {
        provider: lines.provider.1,
        table: lines.table.1,
        entries: lines.entries.into_iter().map(|(_, entry)| entry).collect(),
    })
}

/// Reads the lines; blank ones and comments do not count.
pub(crate) fn read_lines<'a>(
    lines: impl Iterator<Item = (u32, &'a str)>,
) -> Result<Lines, LockError> {
    let mut lines = lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#'));
    let (line, version) = header(lines.next(), "version")?;
    if version != VERSION {
        return Err(newer(line, format!("version {version}")));
    }
    let (line, name) = header(lines.next(), "provider")?;
    let unknown = |()| newer(line, format!("provider {name}"));
    let provider = (line, name.parse().map_err(unknown)?);
    let (line, table) = header(lines.next(), "table")?;
    let table = (line, table.to_owned());
    let entries = lines.map(|(line, text)| Ok((line, entry(line, text)?)));
    Ok(Lines { provider, table, entries: entries.collect::<Result<_, LockError>>()? })
}

fn header<'a>(line: Option<(u32, &'a str)>, word: &str) -> Result<(u32, &'a str), LockError> {
    let (line, text) =
        line.ok_or_else(|| syntax(1, format!("the file ends before its `{word}` line")))?;
    let value = text.strip_prefix(word).and_then(|rest| rest.strip_prefix(' '));
    value
        .filter(|value| !value.is_empty() && value.trim() == *value)
        .map(|value| (line, value))
        .ok_or_else(|| syntax(line, format!("`{word} …` is expected here")))
}

fn entry(line: u32, text: &str) -> Result<Entry, LockError> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    match word {
        "sealed" => sealed(line, rest).map(Entry::Sealed),
        "draft" => id(line, rest).map(Entry::Draft),
        "absent" => id(line, rest).map(Entry::Absent),
        "version" | "provider" | "table" => Err(syntax(line, format!("`{word}` stands twice"))),
        _ => Err(newer(line, word.to_owned())),
    }
}

fn sealed(line: u32, mut rest: &str) -> Result<Sealed, LockError> {
    let (mut sha256, mut tokens, mut backfill) = (None, None, None);
    let (mut was, mut order_any) = (Vec::new(), false);
    while let Some(key) = field_key(rest) {
        let (field, after) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = after;
        let value = &field[key.len() + 1..];
        let sum = || {
            let problem = || syntax(line, format!("`{field}` is no SHA-256 in hexadecimal"));
            value.parse::<Checksum>().map_err(|()| problem())
        };
        let before = match key {
            "sha256" => sha256.replace(sum()?),
            "tokens" => tokens.replace(sum()?),
            "backfill" => backfill.replace(sum()?),
            "was" => {
                was.push(sum()?);
                None
            }
            "order" if value == "any" => {
                order_any = true;
                None
            }
            _ => return Err(newer(line, field.to_owned())),
        };
        if before.is_some() {
            return Err(syntax(line, format!("`{key}:` stands twice")));
        }
    }
    let missing = |key: &str| syntax(line, format!("`{key}:` is missing"));
    Ok(Sealed {
        id: id(line, rest)?,
        sha256: sha256.ok_or_else(|| missing("sha256"))?,
        tokens: tokens.ok_or_else(|| missing("tokens"))?,
        was,
        backfill,
        order_any,
    })
}

fn id(line: u32, name: &str) -> Result<MigrationId, LockError> {
    if let Some(key) = field_key(name) {
        return Err(newer(line, format!("{key}:")));
    }
    name.parse().map_err(|problem| syntax(line, format!("`{name}` is no migration id: {problem}")))
}

pub(crate) fn syntax(line: u32, problem: impl Into<String>) -> LockError {
    LockError::Syntax { line, problem: visible(&problem.into()) }
}

fn newer(line: u32, word: String) -> LockError {
    LockError::Newer { line, word: visible(&word) }
}

impl fmt::Display for LockFile {
    /// The file's text, header included, a line feed after each line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\nversion {VERSION}")?;
        writeln!(f, "provider {}\ntable {}", self.provider, self.table)?;
        self.entries.iter().try_for_each(|entry| writeln!(f, "{entry}"))
    }
}

impl fmt::Display for Entry {
    /// The line, without its line feed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sealed = match self {
            Self::Sealed(sealed) => sealed,
            Self::Draft(id) => return write!(f, "draft {id}"),
            Self::Absent(id) => return write!(f, "absent {id}"),
        };
        write!(f, "sealed sha256:{} tokens:{}", sealed.sha256, sealed.tokens)?;
        if let Some(backfill) = sealed.backfill {
            write!(f, " backfill:{backfill}")?;
        }
        sealed.was.iter().try_for_each(|was| write!(f, " was:{was}"))?;
        if sealed.order_any {
            f.write_str(" order:any")?;
        }
        write!(f, " {}", sealed.id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "version 1\nprovider sqlite\ntable t\n";

    /// A lock file's text from lines in which `#1` is a checksum.
    fn text(lines: &str) -> String {
        let mut text = format!("{HEAD}{lines}");
        for number in ["1", "2", "3"] {
            text = text.replace(&format!("#{number}"), &Checksum::of(number).to_string());
        }
        text
    }

    fn check(text: &str, expected: Result<(), &str>) {
        let found = LockFile::parse(text).map(drop).map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn every_line_form() {
        let lines = "sealed sha256:#1 tokens:#2 1_a\n\
            sealed sha256:#1 tokens:#2 backfill:#3 was:#2 was:#3 order:any 2 B ü\n\
            draft 3 order:any\n\
            absent 4_d\n";
        let lock = LockFile::parse(&text(lines)).unwrap();
        assert_eq!(lock.to_string(), format!("{HEADER}\n{}", text(lines)));
        let line = lock.sealed(&"2 B ü".parse().unwrap()).unwrap();
        let [one, two, three] = ["1", "2", "3"].map(Checksum::of);
        assert_eq!((line.sha256, line.tokens, line.backfill), (one, two, Some(three)));
        assert_eq!((&line.was, line.order_any), (&vec![two, three], true));
        assert_eq!(lock.entries[2], Entry::Draft("3 order:any".parse().unwrap()));
        assert_eq!(lock.entries[3], Entry::Absent("4_d".parse().unwrap()));
        for same in [
            text(lines).replace('\n', "\r\n"),
            format!("\u{feff}{}", text(lines)),
            text(lines).trim_end().to_owned(),
            format!("# comment\n\n{}\n\n", text(lines)),
        ] {
            assert_eq!(LockFile::parse(&same).unwrap(), lock, "{same}");
        }
        let mixed = text("sealed order:any was:#3 tokens:#2 sha256:#1 1_a");
        let ordered = text("sealed sha256:#1 tokens:#2 was:#3 order:any 1_a");
        assert_eq!(LockFile::parse(&mixed).unwrap(), LockFile::parse(&ordered).unwrap());
    }

    #[test]
    fn refused_headers() {
        check(HEAD, Ok(()));
        check("", Err("line 1: the file ends before its `version` line"));
        check("version 1\n", Err("line 1: the file ends before its `provider` line"));
        check("provider sqlite", Err("line 1: `version …` is expected here"));
        check("version 2\nx", Err("line 1: version 2 needs a later version of xtask-db"));
        check("version 1\ntable t\n", Err("line 2: `provider …` is expected here"));
        let oracle = "version 1\nprovider oracle\ntable t\n";
        check(oracle, Err("line 2: provider oracle needs a later version of xtask-db"));
        check("version 1\nprovider mysql\ntable \n", Err("line 3: `table …` is expected here"));
        check("version 1\nprovider mysql\ntable  t\n", Err("line 3: `table …` is expected here"));
    }

    #[test]
    fn refused_lines() {
        let check = |lines: &str, expected: &str| check(&text(lines), Err(expected));
        check("sealed sha256:#1 1_a", "line 4: `tokens:` is missing");
        check("sealed tokens:#1 1_a", "line 4: `sha256:` is missing");
        check("sealed sha256:#1 sha256:#1 tokens:#1 1_a", "line 4: `sha256:` stands twice");
        let word = "sealed sha256:12 tokens:#1 1_a";
        check(word, "line 4: `sha256:12` is no SHA-256 in hexadecimal");
        let word = "sealed sha256:#1 tokens:#1 sha512:12 1_a";
        check(word, "line 4: sha512:12 needs a later version of xtask-db");
        let word = "sealed sha256:#1 tokens:#1 order:last 1_a";
        check(word, "line 4: order:last needs a later version of xtask-db");
        check("draft why:x 1_a", "line 4: why: needs a later version of xtask-db");
        check("skipped 1_a", "line 4: skipped needs a later version of xtask-db");
        check("table u", "line 4: `table` stands twice");
        check("draft", "line 4: `` is no migration id: the name is empty");
        check("draft ../1", "line 4: `../1` is no migration id: the name has a path separator");
        check("\u{1b}[2J 1", "line 4: \\u{1b}[2J needs a later version of xtask-db");
        check(
            "draft  1",
            "line 4: ` 1` is no migration id: the name has a space at its start or end",
        );
        check("draft 1_a\ndraft 1_a", "line 5: 1_a is listed twice");
        check("draft 1_a\ndraft 2_b\nabsent 1_a", "line 6: 1_a is listed twice");
        let problem = "1_a stands after 2_b, which is later; `lock --merge` sorts them";
        check("draft 2_b\n\ndraft 1_a", &format!("line 6: {problem}"));
    }

    #[test]
    fn conflict_markers() {
        for marker in MARKERS {
            let text = format!("version 2\n{marker} HEAD\n");
            check(&text, Err("line 2: the lock file has conflict markers"));
        }
    }

    #[test]
    fn bytes_that_are_no_text() {
        let check = |bytes: &[u8], expected: &str| {
            assert_eq!(decode(bytes).unwrap_err().to_string(), expected);
        };
        check(b"version 1\nta\xff", "line 2: byte 12 is not UTF-8");
        check(b"\n\n\0", "line 3: byte 2 is NUL");
        check(b"\xff\xfev\0", "line 1: the file is UTF-16; save it as UTF-8");
    }

    fn sum() -> impl Strategy<Value = Checksum> {
        any::<u32>().prop_map(|number| Checksum::of(&number.to_string()))
    }

    fn an_entry() -> impl Strategy<Value = Entry> {
        let name = "[0-9]{1,15}[ -~äß☃]{0,12}";
        let id = name.prop_filter_map("an id", |name| name.parse::<MigrationId>().ok());
        let was = prop::collection::vec(sum(), 0..3);
        let fields = (sum(), sum(), was, proptest::option::of(sum()), any::<bool>());
        (id, fields, 0..5).prop_map(|(id, (sha256, tokens, was, backfill, order_any), kind)| {
            match kind {
                0 => Entry::Draft(id),
                1 => Entry::Absent(id),
                _ => Entry::Sealed(Sealed { id, sha256, tokens, was, backfill, order_any }),
            }
        })
    }

    proptest! {
        #[test]
        fn round_trip(
            entries in prop::collection::vec(an_entry(), 0..12),
            table in "[a-zé_][a-z .]{0,9}_",
        ) {
            for provider in [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql] {
                let mut lock = LockFile::new(provider, &table);
                entries.iter().for_each(|entry| lock.put(entry.clone()));
                let text = lock.to_string();
                prop_assert_eq!(LockFile::parse(&text).unwrap(), lock.clone());
                prop_assert_eq!(LockFile::parse(&text.replace('\n', "\r\n")).unwrap(), lock);
            }
        }

        #[test]
        fn no_text_panics(
            head in prop::sample::select(vec!["", HEAD]),
            rest in "(table t|sealed |draft |was:|order:any|<<<<<<< |=======|\r|\n|1_a|.){0,12}",
        ) {
            let text = format!("{head}{rest}");
            let _ = LockFile::parse(&text);
            let _ = LockFile::merge_conflicted(&text);
        }
    }
}
