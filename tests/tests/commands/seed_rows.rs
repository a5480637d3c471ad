//! `seed` with files of rows: upserted, checked, pruned, and skipped when they have not changed.

use std::fmt::Write as _;

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

const TABLES: &str = "
CREATE TABLE topics (id integer NOT NULL PRIMARY KEY, name varchar(50) NOT NULL);
CREATE TABLE questions (
  id integer NOT NULL PRIMARY KEY,
  topic_id integer NOT NULL REFERENCES topics (id),
  slug varchar(50) NOT NULL UNIQUE,
  text varchar(200),
  points numeric(6, 2) DEFAULT 1
);
";
const TOPICS: &str =
    "[{\"id\": 1, \"name\": \"Rust\"},\n {\"id\": 2, \"name\": \"it's \\\\ SQL\"}]\n";
const QUESTIONS: &str = "[\n  {\"id\": 10, \"topic_id\": 1, \"slug\": \"a\", \"text\": \
    \"What?\", \"points\": 2.50},\n  {\"id\": 11, \"topic_id\": 2, \"slug\": \"b\", \
    \"text\": null}\n]\n";

fn prepared(ws: &Workspace) {
    ws.migration("20260101000000_tables", TABLES);
    ws.run_ok(&["migrate"]);
    // By name `questions` comes first, by reference `topics`.
    ws.write("seeds/questions.json", QUESTIONS);
    ws.write("seeds/topics.json", TOPICS);
}

fn rows(ws: &Workspace) -> Vec<String> {
    let sql = "SELECT concat_ws('|', id, topic_id, slug, coalesce(text, '-'), points) \
         FROM questions ORDER BY id";
    ws.database().column(sql)
}

on_each!(
    fn adds_then_updates_then_changes_nothing(ws) {
        prepared(ws);
        ws.run_ok(&["seed"]).says("topics.json (2 rows, 2 changed");
        let point = if ws.database().kind() == Kind::Sqlite { "2.5" } else { "2.50" };
        assert_eq!(rows(ws)[0], format!("10|1|a|What?|{point}"));
        assert_eq!(ws.database().value("SELECT name FROM topics WHERE id = 2"), "it's \\ SQL");
        ws.run_ok(&["seed", "--all"]).says("questions.json (2 rows, 0 changed");
        ws.write("seeds/questions.json", QUESTIONS.replace("What?", "what?"));
        ws.run_ok(&["seed"]).says("questions.json (2 rows, 1 changed")
            .says("unchanged seeds/topics");
        assert_eq!(rows(ws)[0], format!("10|1|a|what?|{point}"));
    }
);

on_each!(
    fn a_problem_names_its_line_and_changes_nothing(ws) {
        prepared(ws);
        let check = |from: &str, to: &str, says: &str| {
            ws.write("seeds/questions.json", QUESTIONS.replace(from, to));
            let run = ws.run(&["seed"]).refused(6, "XDB0640");
            run.says("seeds/questions.json").says(says);
            assert_eq!(ws.database().value("SELECT count(*) FROM topics"), "0");
        };
        let meant = ":3: Slug: there is no such column; slug is meant?";
        check("\"slug\": \"b\"", "\"Slug\": \"b\"", meant);
        check("\"id\": 11", "\"id\": \"x\"", ":3: id: a whole number is expected");
        check("\"id\": 11", "\"id\": 10", ":3: the row id 10 is there twice");
        check("\"slug\": \"b\"", "\"slug\": null", ":3: slug: null, and the column is NOT NULL");
        check("\"id\": 11, ", "", "is found by another key");
        check("\"topic_id\": 2", "\"topic_id\": 7", "seeds/questions.json");
        // Another unique key finds another row: nothing may be overwritten.
        check("\"slug\": \"b\"", "\"slug\": \"a\"", ":3: ");
        check("}\n]", "}", "is no JSON");
    }
);

on_each!(
    fn prune_deletes_what_the_file_does_not_have(ws) {
        prepared(ws);
        ws.run_ok(&["seed"]);
        ws.write("seeds/questions.json", "[{\"id\": 10, \"topic_id\": 1, \"slug\": \"a\"}]");
        ws.write("seeds/topics.json", "[{\"id\": 1, \"name\": \"Rust\"}]");
        ws.run_ok(&["seed"]);
        assert_eq!(ws.database().value("SELECT count(*) FROM questions"), "2");
        // A field that the file does not have keeps its value.
        assert!(rows(ws)[0].contains("What?"), "{:?}", rows(ws));
        ws.run_ok(&["seed", "--prune"]).says("1 deleted");
        assert_eq!(ws.database().value("SELECT count(*) FROM questions"), "1");
        assert_eq!(ws.database().value("SELECT count(*) FROM topics"), "1");
    }
);

on_each!(
    fn csv_rows_are_typed_by_their_columns(ws) {
        prepared(ws);
        ws.remove("seeds/questions.json");
        ws.write("seeds/10_questions.csv", "id,topic_id,slug,text\n5,1,\"x,y\",\"say \
            \"\"hi\"\"\"\n6,2,z,\n");
        ws.run_ok(&["seed"]).says("10_questions.csv (2 rows, 2 changed");
        let text = "SELECT concat_ws('|', slug, coalesce(text, '-')) FROM questions ORDER BY id";
        assert_eq!(ws.database().column(text), ["x,y|say \"hi\"", "z|-"]);
        ws.run_ok(&["seed", "--all"]).says("10_questions.csv (2 rows, 0 changed");
    }
);

on_each!(
    fn check_proves_that_a_second_run_changes_nothing(ws) {
        prepared(ws);
        ws.run_ok(&["seed", "--check"]).says("the second run changed nothing");
        assert_eq!(ws.database().value("SELECT count(*) FROM topics"), "0");
        ws.write("seeds/z.sql", "UPDATE questions SET points = points + 1;\n");
        let run = ws.run(&["seed", "--check"]).refused(5, "XDB0405");
        run.says("a second run of the seeds changes questions");
        assert_eq!(ws.database().value("SELECT count(*) FROM topics"), "0");
    }
);

on_each!(
    fn more_rows_than_one_statement_has(ws) {
        prepared(ws);
        let mut text = "[".to_owned();
        for id in 0..1_200 {
            let comma = if id == 0 { "" } else { "," };
            let _ = write!(text, "{comma}\n{{\"id\": {id}, \"topic_id\": 1, \"slug\": \"s{id}\"}}");
        }
        ws.write("seeds/questions.json", format!("{text}]"));
        ws.run_ok(&["seed"]).says("(1200 rows, 1200 changed");
        ws.run_ok(&["seed", "--all"]).says("(1200 rows, 0 changed");
    }
);

#[test]
fn identities_go_on_after_the_numbers_that_were_given() {
    let Some(ws) = Workspace::on(Kind::Postgres) else { return };
    let sql = "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
         tags text[], settings jsonb, name text);\n";
    ws.migration("20260101000000_users", sql);
    ws.run_ok(&["migrate"]);
    let user = "[{\"id\": 7, \"tags\": [\"a\", \"b c\"], \"settings\": {\"dark\": true}, \
        \"name\": \"ann\"}]";
    ws.write("seeds/users.json", user);
    ws.run_ok(&["seed"]);
    ws.database().execute("INSERT INTO users (name) VALUES ('bob')");
    assert_eq!(ws.database().column("SELECT id FROM users ORDER BY id"), ["7", "8"]);
    let found = ws.database().value("SELECT tags::text || settings::text FROM users WHERE id = 7");
    assert_eq!(found, "{a,\"b c\"}{\"dark\": true}");
    ws.run_ok(&["seed", "--all"]).says("(1 rows, 0 changed");
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    prepared(&ws);
    snapshot!("first", ws.run(&["seed"]));
    snapshot!("unchanged", ws.run(&["seed"]));
    snapshot!("json", ws.run(&["seed", "--all", "--json"]));
    ws.write("seeds/questions.json", QUESTIONS.replace("null", "true"));
    snapshot!("problem", ws.run(&["seed"]));
    ws.write("seeds/nobody.json", "[]");
    snapshot!("no_table", ws.run(&["seed"]));
}
