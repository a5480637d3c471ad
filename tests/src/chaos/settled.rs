//! Stops that only a person can settle: a procedure was called, the server committed what it did by
//! itself, and no catalog shows whether it came to that. The operator looks, and runs the command
//! that is printed for what is found.

use xtask_db_engine::Failpoint;

use super::interrupted::{BLOWS, Blow, at_place};
use super::{Case, Plan};
use crate::support::{Kind, Oracle, Workspace};

const SERVERS: [(Kind, &str); 2] = [(Kind::Postgres, "postgres"), (Kind::MariaDb, "mariadb")];
/// Before the statement, and after it.
const POINTS: [Failpoint; 2] = [Failpoint::Marked, Failpoint::Uncounted];

/// Each call is the first statement of its file, one in the middle, or the last.
pub(super) fn by_a_person(plan: &Plan<'_>) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kind, shown) in SERVERS {
        // Tables commit by themselves only on MariaDB, and each is a place too.
        let times = if kind == Kind::MariaDb { 10 } else { 3 };
        for point in POINTS {
            for (blow, word) in BLOWS {
                let with_error = |time: u32| blow != Blow::Error || time == 1;
                for time in (1..=times).filter(|time| with_error(*time)) {
                    let name = format!("{shown}-{}#{time}-{word}", point.name());
                    cases.push(Case::new(name, move |_| at_place(kind, point, time, blow, calls)));
                }
            }
        }
    }
    cases.into_iter().step_by(plan.of(9, 2, 1)).collect()
}

/// A history of which each body calls the procedure that leaves its trace.
fn calls(ws: &Workspace) -> Oracle<'_> {
    let oracle = Oracle::new(ws);
    let (procedure, head) = match ws.database().kind() {
        Kind::MariaDb => ("(which VARCHAR(200)) INSERT INTO trace (id) VALUES (which);", ""),
        _ => (
            "(which TEXT) LANGUAGE sql AS 'INSERT INTO trace (id) VALUES ($1)';",
            "-- xtask-db: no-transaction\n",
        ),
    };
    oracle.migration("20260101000000_mark", &format!("CREATE PROCEDURE mark {procedure}"));
    let (first, middle, last) =
        ("20260102000000_first", "20260103000000_middle", "20260104000000_last");
    let table = |name: &str| format!("CREATE TABLE {name} (id INTEGER PRIMARY KEY);\n");
    let call = |id: &str| format!("CALL mark('{id}');\n");
    ws.migration(first, &[head, &call(first), &table("a")].concat());
    ws.migration(middle, &[head, &table("b"), &call(middle), &table("c")].concat());
    ws.migration(last, &[head, &table("d"), &call(last)].concat());
    ws.run_ok(&["lock"]);
    oracle
}
