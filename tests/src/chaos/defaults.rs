//! Defaults of a role, a database or a server that would break a naive tool: it works, or the error
//! says what is wrong.

use super::operator::{Ways, converge};
use super::places::{history, workspace};
use super::{Case, Ending, Plan, Tier};
use crate::servers::{MariaDb, Syncing};
use crate::support::{Database, Kind, Oracle, Workspace, binary_path};

/// A setting, and what an error must name; none where it must work.
type Setting = (&'static str, Option<&'static str>);

const POSTGRES: [Setting; 20] = [
    ("statement_timeout = '10ms'", None),
    ("lock_timeout = '1ms'", None),
    ("idle_in_transaction_session_timeout = '1ms'", None),
    ("idle_session_timeout = '50ms'", None),
    ("search_path = ''", Some("schema")),
    ("search_path = 'absent'", Some("schema")),
    ("default_transaction_read_only = on", Some("read-only")),
    ("default_transaction_isolation = 'serializable'", None),
    ("default_transaction_deferrable = on", None),
    ("standard_conforming_strings = off", None),
    ("quote_all_identifiers = on", None),
    ("bytea_output = 'escape'", None),
    ("DateStyle = 'German'", None),
    ("IntervalStyle = 'sql_standard'", None),
    ("TimeZone = 'Asia/Kathmandu'", None),
    ("client_encoding = 'LATIN1'", None),
    ("extra_float_digits = -15", None),
    ("session_replication_role = 'replica'", None),
    ("client_min_messages = 'error'", None),
    ("synchronous_commit = off", None),
];

const MARIADB: [Setting; 16] = [
    ("sql_mode = ''", None),
    ("sql_mode = 'ANSI'", None),
    ("sql_mode = 'ANSI_QUOTES'", None),
    ("sql_mode = 'NO_BACKSLASH_ESCAPES'", None),
    ("sql_mode = 'TRADITIONAL'", None),
    ("sql_mode = 'PIPES_AS_CONCAT'", None),
    ("sql_mode = 'NO_ZERO_DATE,STRICT_ALL_TABLES'", None),
    ("autocommit = 0", None),
    ("lock_wait_timeout = 1", None),
    ("innodb_lock_wait_timeout = 1", None),
    ("tx_read_only = 1", Some("READ ONLY")),
    ("tx_isolation = 'SERIALIZABLE'", None),
    ("time_zone = '+05:45'", None),
    ("max_statement_time = 0.01", None),
    ("character_set_server = 'latin1'", None),
    ("sql_quote_show_create = 0", None),
];

/// Each setting on a database, or on a server of its own.
pub(super) fn hostile(plan: &Plan<'_>) -> Vec<Case> {
    let of_tier = plan.of(4, POSTGRES.len(), POSTGRES.len());
    let postgres = POSTGRES.into_iter().take(of_tier).map(|setting| {
        Case::new(format!("postgres-{}", word(setting)), move |_| postgres(setting))
    });
    let mariadb = MARIADB.into_iter().map(|setting| {
        // A server has its defaults for all of its sessions.
        let name = format!("mariadb-{}", setting.0.replace(['\'', ' '], ""));
        Case::new(name, move |_| mariadb(setting))
    });
    match plan.tier {
        Tier::Slice => postgres.collect(),
        Tier::Standard | Tier::Soak => postgres.chain(mariadb).collect(),
    }
}

fn word((setting, _): Setting) -> String {
    setting.split_whitespace().next().unwrap_or_default().to_owned()
}

fn postgres(setting: Setting) -> Ending {
    let ws = match workspace(Kind::Postgres) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let oracle = history(&ws);
    let name = ws.database().name().to_owned();
    drop(ws.database().server_rows(&format!("ALTER DATABASE {name} SET {}", setting.0)));
    let stops = under(setting, &ws, || {
        drop(ws.database().server_rows(&format!("ALTER DATABASE {name} RESET ALL")));
    });
    oracle.check();
    Ending::Settled(stops)
}

fn mariadb(setting: Setting) -> Ending {
    let binary = binary_path();
    let target = binary.ancestors().nth(2).expect("target/<profile>/<binary>");
    let server = MariaDb::start(target, Syncing::Off).expect("a server of its own");
    let database = Database::on_server(Kind::MariaDb, &server.url(), server.url());
    let ws = Workspace::around(database);
    let oracle = history(&ws);
    let variable = word(setting);
    let before = ws.database().value(&format!("SELECT @@global.{variable}"));
    ws.database().execute(&format!("SET GLOBAL {}", setting.0));
    let stops = under(setting, &ws, || {
        let number = before.parse::<f64>().is_ok();
        let quoted = if number { before.clone() } else { format!("'{before}'") };
        ws.database().execute(&format!("SET GLOBAL {variable} = {quoted}"));
    });
    oracle.check();
    Ending::Settled(stops)
}

/// Deploys under a setting, takes it back, and deploys what is left.
#[track_caller]
fn under((setting, named): Setting, ws: &Workspace, take_back: impl FnOnce()) -> u32 {
    let run = ws.run(&["deploy"]);
    take_back();
    Oracle::check_run(&run);
    match named {
        None => assert_eq!(run.code, Some(0), "{setting}: {run}"),
        Some(named) => {
            let exact = run.code == Some(0) || run.stderr.contains(named);
            assert!(exact, "{setting}: `{named}` is not named: {run}");
        }
    }
    converge(ws, Ways::Retry)
}
