//! `stats`: the file with the sizes of tables, and what `lint` makes of it.

use serde_json::Value;
use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

const FILE: &str = "db-stats.json";

fn table(ws: &Workspace, name: &str) -> Value {
    let sizes: Value = serde_json::from_str(&ws.read(FILE)).expect("it is JSON");
    let tables = sizes["tables"].as_array().expect("tables");
    tables.iter().find(|table| table["name"] == name).expect("the table is there").clone()
}

on_each!(
    fn tables_are_measured(ws) {
        history::deployed(ws);
        let rows: Vec<String> = (1..=500).map(|id| format!("({id}, 'user {id}')")).collect();
        ws.database().execute(&format!("INSERT INTO users (id, name) VALUES {}", rows.join(",")));
        let analyse = match ws.database().kind() {
            Kind::MariaDb => "ANALYZE TABLE users",
            _ => "ANALYZE users",
        };
        ws.database().execute(analyse);
        ws.run_ok(&["stats"]).says("2 tables").says(FILE);
        let users = table(ws, "users");
        assert_eq!(users["rows"], 500);
        assert!(users["bytes"].as_u64().is_some_and(|bytes| bytes > 4096), "{users}");
        assert_eq!(table(ws, "courses")["rows"], 0);
        // the tool's own tables are not the project's
        assert!(!ws.read(FILE).contains("_xtask_db"), "{}", ws.read(FILE));
        let json = ws.run_ok(&["stats", "--out", "other.json", "--json"]).json();
        assert_eq!(json["path"], "other.json");
        assert!(ws.has("other.json"));
    }
);

on_each!(
    [Postgres]
    fn a_partitioned_table_is_its_parts(ws) {
        ws.migration(
            "20260101000000_events",
            "CREATE TABLE events (id INT NOT NULL, at DATE NOT NULL) PARTITION BY RANGE (at);\n\
             CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO \
             ('2026-02-01');\n\
             CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO \
             ('2026-03-01');\n",
        );
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy"]);
        let insert = "INSERT INTO events SELECT i, date '2026-01-01' + i % 50 FROM \
                      generate_series(1, 1000) i";
        ws.database().execute(insert);
        // nobody has analysed it: it is counted
        ws.run_ok(&["stats"]);
        assert_eq!(table(ws, "events")["rows"], 1000);
        ws.database().execute("ANALYZE events");
        ws.run_ok(&["stats"]);
        assert_eq!(table(ws, "events")["rows"], 1000);
    }
);

#[test]
fn a_large_table_is_told_from_a_small_one() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    ws.set("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    let lock = ws.empty_lock_file().replace("provider sqlite", "provider postgresql");
    ws.write("migrations/migrations.lock", lock);
    ws.migration("20260101000000_index", "CREATE INDEX users_email ON users (email);\n");
    let _ = ws.run(&["lint"]).refused(5, "XDB0409").says("a maintenance window is needed");
    let sizes = |rows: u64, at: &str| {
        format!(
            "{{\"version\":1,\"environment\":\"production\",\"server\":\"postgresql 15.3\",\
             \"written_at\":\"{at}\",\"tables\":[\
             {{\"name\":\"users\",\"rows\":{rows},\"bytes\":1}}]}}\n"
        )
    };
    ws.write(FILE, sizes(41_000_000, "2026-01-01T00:00:00Z"));
    let large = ws.run(&["lint"]).refused(5, "XDB0409").says("a maintenance window is needed");
    assert!(large.stdout.contains("sizes of production (postgresql 15.3)"), "{}", large.stdout);
    ws.write(FILE, sizes(300, "2020-01-01T00:00:00Z"));
    let _ = ws.run(&["lint"]).ok().says("no maintenance window").says("write them again");
    let json = ws.run(&["lint", "--json"]).ok().json();
    assert_eq!(json["sizes"]["server"], "postgresql 15.3");
    // it may have rows since
    ws.write(FILE, sizes(0, "2026-01-01T00:00:00Z"));
    ws.migration("20260101000000_index", "DROP TABLE users;\n");
    let _ = ws.run(&["lint"]).refused(5, "XDB0409").says("L01");
    ws.write(FILE, "{\"version\":9}");
    let _ = ws.run(&["lint"]).refused(2, "XDB0113").says(FILE).says("later version");
    ws.write(FILE, "{\"version\":1}");
    let _ = ws.run(&["lint"]).refused(2, "XDB0113").says("missing field");
}

#[test]
fn nothing_is_written_of_what_does_not_answer() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    ws.set("DATABASE_URL", "sqlite:none.db");
    snapshot!("unreachable", ws.run(&["stats"]).fails(9));
    assert!(!ws.has(FILE));
}
