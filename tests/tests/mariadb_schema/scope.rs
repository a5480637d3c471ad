//! What is left out, and what is named because the model does not hold it.

use xtask_db_engine::{Scope, SessionOptions};
use xtask_db_schema::Catalog;

use crate::server::{database, read, read_as};

fn names(catalog: &Catalog) -> Vec<String> {
    catalog.relations().into_iter().map(|relation| relation.name).collect()
}

fn named(catalog: &Catalog) -> Vec<String> {
    catalog.unmodelled().iter().map(|one| format!("{} {}", one.kind, one.name)).collect()
}

#[test]
fn own_and_foreign_tables_are_not_read() {
    let Some(database) = database(
        "CREATE TABLE users (id INT); CREATE TABLE job_queue (id INT); CREATE VIEW job_view AS \
         SELECT 1; CREATE TABLE _xtask_db_meta (id INT); CREATE TABLE _xtask_db_lock (id INT); \
         CREATE TABLE _sqlx_migrations (version BIGINT); CREATE TABLE flyway_schema_history (id \
         INT); CREATE TRIGGER job_trigger BEFORE INSERT ON users FOR EACH ROW SET @a = 1; \
         CREATE TRIGGER own BEFORE INSERT ON job_queue FOR EACH ROW SET @a = 1",
    ) else {
        return;
    };
    let scope = Scope { schemas: Vec::new(), ignore: vec!["job_*".to_owned()] };
    let catalog = read_as(&database, &scope, &SessionOptions::default());
    assert_eq!(names(&catalog), ["users"]);
    let Catalog::Mysql(catalog) = catalog else { panic!("a catalog of another server") };
    assert_eq!((catalog.views.len(), catalog.triggers.len()), (0, 0));
}

#[test]
fn what_the_model_does_not_hold_is_named() {
    let Some(database) = database(
        "CREATE TABLE t (id INT); CREATE EVENT once ON SCHEDULE AT '2037-01-01 00:00:00' DO SET \
         @a = 1; CREATE AGGREGATE FUNCTION total(x INT) RETURNS INT BEGIN DECLARE s INT DEFAULT \
         0; DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN s; LOOP FETCH GROUP NEXT ROW; SET s = \
         s + x; END LOOP; END; SET SESSION sql_mode = 'ANSI_QUOTES'; CREATE TRIGGER quoted BEFORE \
         INSERT ON t FOR EACH ROW SET NEW.\"id\" = 1",
    ) else {
        return;
    };
    let all = named(&read(&database));
    let expected = ["event that runs once once", "function total", "sql_mode of trigger quoted"];
    for (found, expected) in all.iter().zip(expected) {
        assert!(found.starts_with(expected), "{all:?}");
    }
    assert_eq!(all.len(), expected.len(), "{all:?}");
}

#[test]
fn relations_are_told_to_those_who_read_rows() {
    let Some(database) = database(
        "CREATE TABLE p (a INT, b INT, PRIMARY KEY (b, a)) COMMENT 'it''s'; CREATE TABLE c (id \
         BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, x INT, y INT, e ENUM('a','b\\\\c') NOT NULL \
         COMMENT 'which', n INT DEFAULT 1, g INT AS (n + 1), s VARCHAR(9), UNIQUE u (x, y), UNIQUE \
         (s(3)), FOREIGN KEY (y, x) REFERENCES p (b, a)); CREATE VIEW v AS SELECT id, s FROM c",
    ) else {
        return;
    };
    let mut shown = Vec::new();
    for relation in read(&database).relations() {
        shown.push(format!("{:?} {} {:?}", relation.kind, relation.name, relation.comment));
        shown.push(format!("  key {:?} unique {:?}", relation.primary_key, relation.unique));
        for field in relation.columns {
            let mark = |is: bool, c: char| if is { c } else { '-' };
            let marks: String =
                [mark(field.nullable, 'n'), mark(field.default, 'd'), mark(field.generated, 'g')]
                    .iter()
                    .collect();
            let comment = field.comment.unwrap_or_default();
            shown.push(format!("  {} {} {marks} {comment}", field.name, field.type_name));
        }
        for reference in relation.references {
            let (columns, referenced) = (reference.columns, reference.referenced);
            shown.push(format!("  {columns:?} -> {} {referenced:?}", reference.table));
        }
    }
    let expected = "\
Table c None
  key [\"id\"] unique [[\"x\", \"y\"]]
  id bigint(20) unsigned -d- 
  x int(11) n-- 
  y int(11) n-- 
  e enum('a','b\\c') --- which
  n int(11) nd- 
  g int(11) n-g 
  s varchar(9) n-- 
  [\"y\", \"x\"] -> p [\"b\", \"a\"]
Table p Some(\"it's\")
  key [\"b\", \"a\"] unique []
  a int(11) --- 
  b int(11) --- 
View v None
  key [] unique []
  id bigint(20) unsigned --- 
  s varchar(9) n-- ";
    assert_eq!(shown.join("\n"), expected);
}
