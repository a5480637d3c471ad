//! The text of a lock file: strict reading, and writing.
//!
//! Invariant: what is written is read back as the same value.

use std::borrow::Cow;
use std::fmt;

use xtask_db_sql::Dialect;

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
    LockError::Syntax { line, problem: problem.into() }
}

fn newer(line: u32, word: String) -> LockError {
    LockError::Newer { line, word }
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
