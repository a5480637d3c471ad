//! A shadow URL that is the main database, however it is spelt: refused, and nothing is written
//! there, whether it holds rows or nothing at all.

use std::fs;
use std::os::unix::fs::symlink;

use super::places::{KINDS, workspace};
use super::{Case, Ending, Plan};
use crate::support::{Kind, Workspace, catalog};

/// Another way to write the URL of the database.
struct Spelling {
    name: &'static str,
    /// The server may refuse this way to it.
    may_not_reach: bool,
    url: fn(&Workspace) -> Option<String>,
}

const fn to(name: &'static str, url: fn(&Workspace) -> Option<String>) -> Spelling {
    Spelling { name, may_not_reach: false, url }
}

const fn perhaps(name: &'static str, url: fn(&Workspace) -> Option<String>) -> Spelling {
    Spelling { name, may_not_reach: true, url }
}

const SQLITE: [Spelling; 8] = [
    to("same", |ws| Some(url(ws))),
    to("two-slashes", |ws| Some(format!("sqlite://{}", file(ws)))),
    to("file-scheme", |ws| Some(format!("file:{}", file(ws)))),
    to("parameter", |ws| Some(format!("sqlite:{}?mode=rwc", file(ws)))),
    to("upwards", |ws| {
        let (folder, name) = file(ws).rsplit_once('/').map(own)?;
        let last = folder.rsplit('/').next()?;
        Some(format!("sqlite:{folder}/../{last}/./{name}"))
    }),
    to("percent", |ws| Some(format!("sqlite:{}", percent(&file(ws))))),
    to("symlink", |ws| {
        symlink(file(ws), ws.root().join("linked.db")).ok()?;
        Some("sqlite:linked.db".to_owned())
    }),
    to("hard-link", |ws| {
        fs::write(file(ws), "").ok()?;
        fs::hard_link(file(ws), ws.root().join("second.db")).ok()?;
        Some("sqlite:second.db".to_owned())
    }),
];

const POSTGRES: [Spelling; 9] = [
    to("same", |ws| Some(url(ws))),
    to("scheme", |ws| Some(url(ws).replacen("postgres://", "postgresql://", 1))),
    to("capitals", |ws| Some(url(ws).replacen("postgres://", "PostgreSQL://", 1))),
    to("localhost", |ws| Some(url(ws).replace("127.0.0.1", "localhost"))),
    to("parameter", |ws| Some(format!("{}?application_name=shadow", url(ws)))),
    to("percent", |ws| Some(percent(&url(ws)))),
    to("host-parameter", |ws| {
        Some(format!("{}?host=127.0.0.1", url(ws).replace("127.0.0.1", "nowhere.invalid")))
    }),
    perhaps("socket", |ws| {
        let folder = ws.database().value("SHOW unix_socket_directories");
        let folder = folder.split(',').next()?.trim().to_owned();
        Some(format!("{}?host={folder}", url(ws)))
    }),
    perhaps("pooler", |ws| {
        let pooler = std::env::var(Kind::PgBouncer.variable()?).ok()?;
        Some(ws.database().through(&pooler).url().to_owned())
    }),
];

const MARIADB: [Spelling; 8] = [
    to("same", |ws| Some(url(ws))),
    to("scheme", |ws| Some(url(ws).replacen("mysql://", "mariadb://", 1))),
    to("capitals", |ws| Some(url(ws).replacen("mysql://", "MySQL://", 1))),
    // The user of these tests has rights at one address.
    perhaps("localhost", |ws| Some(url(ws).replace("127.0.0.1", "localhost"))),
    perhaps("mapped", |ws| Some(url(ws).replace("127.0.0.1", "[::ffff:127.0.0.1]"))),
    to("parameter", |ws| Some(format!("{}?charset=utf8mb4", url(ws)))),
    to("percent", |ws| Some(percent(&url(ws)))),
    perhaps("socket", |ws| {
        Some(format!("{}?socket={}", url(ws), ws.database().value("SELECT @@socket")))
    }),
];

fn url(ws: &Workspace) -> String {
    ws.database().url().to_owned()
}

fn file(ws: &Workspace) -> String {
    url(ws).trim_start_matches("sqlite:").to_owned()
}

fn own((a, b): (&str, &str)) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

/// The last letter of the database's name as `%nn`.
fn percent(url: &str) -> String {
    let mut url = url.to_owned();
    let last = url.pop().unwrap_or_default();
    format!("{url}%{:02X}", u32::from(last))
}

const CANARY: &str = "INSERT INTO users (id, name) VALUES (1, 'kept')";

/// Each spelling, of a database with rows and of one that is empty.
pub(super) fn shadows(plan: &Plan<'_>) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kind, of) in KINDS {
        let spellings: &'static [Spelling] = match kind {
            Kind::Sqlite => &SQLITE,
            Kind::Postgres | Kind::PgBouncer => &POSTGRES,
            Kind::MariaDb => &MARIADB,
        };
        for spelling in spellings {
            for full in [true, false] {
                let state = if full { "full" } else { "empty" };
                let name = format!("{of}-{}-{state}", spelling.name);
                cases.push(Case::new(name, move |_| refused(kind, spelling, full)));
            }
        }
    }
    cases.into_iter().step_by(plan.of(5, 1, 1)).collect()
}

fn refused(kind: Kind, spelling: &Spelling, full: bool) -> Ending {
    let ws = match workspace(kind) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let url = match (spelling.url)(&ws) {
        Some(url) => url,
        None => return Ending::Skipped(format!("{kind:?} has no {}", spelling.name)),
    };
    ws.migration(
        "20260101000000_users",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20));\n",
    );
    if full {
        ws.run_ok(&["migrate"]);
        ws.database().execute(CANARY);
        ws.migration("20260102000000_next", "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
    }
    ws.run_ok(&["lock"]);
    let before = catalog(ws.database());
    let manifest = format!(
        "[workspace]\nmembers = []\nresolver = \"3\"\n\n[workspace.metadata.db]\nshadow-url = \
            {url:?}\n"
    );
    ws.write("Cargo.toml", manifest);
    let lock = ws.lock_file();
    for words in [
        &["migrate"][..],
        &["check", "--shadow"],
        &["diff", "--from", "migrations", "--to", "empty"],
    ] {
        let run = ws.run(words);
        let unreached = spelling.may_not_reach && run.code == Some(9);
        assert!(unreached || run.stderr.contains("XDB0123"), "{run}");
        assert_ne!(run.code, Some(0), "{run}");
        assert_eq!(catalog(ws.database()), before, "{run}");
        assert!(!ws.database().has_table("_xtask_db_shadow"), "{run}");
    }
    assert_eq!(ws.lock_file(), lock);
    if full {
        assert_eq!(ws.database().value("SELECT name FROM users"), "kept");
    }
    Ending::Passed
}
