//! The lock file against an earlier revision of itself: closes the way around the guard.

use crate::{Checksum, Entry, LockFile, MigrationId, Sealed};

/// What the branch did to a migration that the base revision had sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breach {
    /// A sealed line has another text, not repaired with equal tokens, or is a draft again.
    Changed {
        /// The id.
        id: MigrationId,
    },
    /// A sealed line is gone, or only `absent`.
    Vanished {
        /// The id.
        id: MigrationId,
    },
    /// A new id sorts before the base's last one, and is not `order:any`.
    NotLast {
        /// The new id.
        id: MigrationId,
        /// The base's last id.
        last: MigrationId,
    },
    /// Provider or table changed.
    Header {
        /// `provider` or `table`.
        what: &'static str,
        /// The base's.
        was: String,
        /// Here.
        now: String,
    },
}

/// What `now` did to what `base` had sealed. A line is repaired when its tokens are equal and
/// `was:` names the base's text. `absent` lines of either do not count: they are not ours to order.
#[must_use]
pub fn against(base: &LockFile, now: &LockFile) -> Vec<Breach> {
    let mut breaches = headers(base, now);
    for line in base.entries.iter().filter_map(Entry::as_sealed) {
        let id = || line.id.clone();
        match now.entry(&line.id) {
            Some(Entry::Sealed(new)) if is_kept(line, new) => {}
            Some(Entry::Sealed(_) | Entry::Draft(_)) => breaches.push(Breach::Changed { id: id() }),
            Some(Entry::Absent(_)) | None => breaches.push(Breach::Vanished { id: id() }),
        }
    }
    let on_disk = |entry: &&Entry| !matches!(entry, Entry::Absent(_));
    if let Some(last) = base.entries.iter().filter(on_disk).map(Entry::id).max() {
        let new = now.entries.iter().filter(on_disk).filter(|entry| {
            entry.id() < last
                && base.entry(entry.id()).as_ref().is_none_or(|old| !on_disk(old))
                && !entry.as_sealed().is_some_and(|line| line.order_any)
        });
        breaches.extend(
            new.map(|entry| Breach::NotLast { id: entry.id().clone(), last: last.clone() }),
        );
    }
    breaches
}

fn headers(base: &LockFile, now: &LockFile) -> Vec<Breach> {
    let provider = ("provider", base.provider.to_string(), now.provider.to_string());
    let table = ("table", base.table.clone(), now.table.clone());
    [provider, table]
        .into_iter()
        .filter(|(_, was, now)| was != now)
        .map(|(what, was, now)| Breach::Header { what, was, now })
        .collect()
}

/// The text is the base's, or was repaired, and no text that databases may hold was forgotten.
fn is_kept(base: &Sealed, now: &Sealed) -> bool {
    let known = |text: &Checksum| *text == now.sha256 || now.was.contains(text);
    base.tokens == now.tokens
        && base.backfill == now.backfill
        && known(&base.sha256)
        && base.was.iter().all(known)
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Dialect;

    use super::*;

    /// A lock file from words: `a` sealed, `a/2/1` with tokens 2 and text 1, `a/1/2<1` with text 1
    /// as `was:`, `a+` with `order:any`, `a=9` with a backfill, `?a` a draft, `-a` absent.
    fn lock(words: &str) -> LockFile {
        let mut lock = LockFile::new(Dialect::Sqlite, "t");
        for word in words.split_whitespace() {
            let name = word.trim_start_matches(['?', '-']);
            let id = format!("20260101_{}", &name[..1]).parse().unwrap();
            lock.put(match word.as_bytes()[0] {
                b'?' => Entry::Draft(id),
                b'-' => Entry::Absent(id),
                _ => Entry::Sealed(sealed(id, &name[1..])),
            });
        }
        lock
    }

    fn sealed(id: MigrationId, mut rest: &str) -> Sealed {
        let order_any = rest.ends_with('+');
        rest = rest.trim_end_matches('+');
        let (rest, backfill) = rest.split_once('=').map_or((rest, None), |(r, b)| (r, Some(b)));
        let (rest, was) = rest.split_once('<').unwrap_or((rest, ""));
        let mut parts = rest.split('/').skip(1);
        let mut sum = || Checksum::of(parts.next().unwrap_or("1"));
        Sealed {
            id,
            tokens: sum(),
            sha256: sum(),
            was: was.split_terminator(',').map(Checksum::of).collect(),
            backfill: backfill.map(Checksum::of),
            order_any,
        }
    }

    fn check(base: &str, now: &str, expected: &str) {
        let short = |id: &MigrationId| id.as_str().trim_start_matches("20260101_").to_owned();
        let found: Vec<String> = against(&lock(base), &lock(now))
            .iter()
            .map(|breach| match breach {
                Breach::Changed { id } => format!("changed {}", short(id)),
                Breach::Vanished { id } => format!("vanished {}", short(id)),
                Breach::NotLast { id, last } => format!("{} before {}", short(id), short(last)),
                Breach::Header { what, was, now } => format!("{what} {was} {now}"),
            })
            .collect();
        assert_eq!(found.join("; "), expected, "{base} -> {now}");
    }

    #[test]
    fn breaches() {
        check("", "", "");
        check("", "a ?b", "");
        check("a b", "a b c ?d", "");
        check("a b", "a", "vanished b");
        check("a b", "a -b", "vanished b");
        check("a b", "a ?b", "changed b");
        check("a b", "a b/2/2", "changed b");
        // editing file and lock line together, with the old text accepted
        check("a b", "a b/2/2<1", "changed b");
        check("a b", "a b/1/2<1", "");
        check("a b", "a b/1/2", "changed b");
        check("b/1/2<1", "b/1/3<1,2", "");
        check("b/1/2<1", "b/1/3<2", "changed b");
        check("b/1/2<1", "b/1/1<2", "");
        check("b/1/2<1", "b/1/2", "changed b");
        check("a", "a<2", "");
        check("a=1", "a=2", "changed a");
        check("a=1", "a", "changed a");
        check("a", "a+", "");
        check("a+", "a", "");
    }

    #[test]
    fn order() {
        check("a c", "a b c", "b before c");
        check("a c", "a ?b c", "b before c");
        check("a c", "a b+ c", "");
        check("a c", "a -b c", "");
        check("a -b c", "a b c", "b before c");
        check("a ?b c", "a b c", "");
        check("a b ?d", "a b c d", "c before d");
        check("a b -d", "a b c -d", "");
        check("b d", "a c d", "vanished b; a before d; c before d");
    }

    #[test]
    fn header() {
        let base = lock("a");
        let now = LockFile { provider: Dialect::Mysql, table: "u".into(), ..lock("a") };
        let header = |what, was: &str, now: &str| {
            let (was, now) = (was.to_owned(), now.to_owned());
            Breach::Header { what, was, now }
        };
        let expected = [header("provider", "sqlite", "mysql"), header("table", "t", "u")];
        assert_eq!(against(&base, &now), expected);
    }
}
