//! Partitions with what comes from their parents, and without.

use crate::server::check;

#[test]
fn a_new_partition_comes_after_its_parent_and_all_that_is_inherited() {
    check(
        "",
        "CREATE TABLE other (id bigint PRIMARY KEY); \
         CREATE TABLE t (id bigint PRIMARY KEY REFERENCES other DEFERRABLE, \
          at timestamptz DEFAULT now() NOT NULL, CHECK (id > 0)) PARTITION BY RANGE (id); \
         CREATE TABLE p PARTITION OF t FOR VALUES FROM (0) TO (100) \
          WITH (autovacuum_enabled = false); \
         CREATE INDEX i ON t (id DESC) WITH (fillfactor = 70);",
        &["CREATE TABLE t ", "PARTITION OF t"],
    );
}

#[test]
fn an_index_that_no_rule_names_is_made_before_the_whole() {
    check(
        "CREATE TABLE t (id bigint NOT NULL) PARTITION BY RANGE (id); \
         CREATE TABLE p PARTITION OF t FOR VALUES FROM (0) TO (100); \
         CREATE INDEX \"a b\" ON t ((id + 7));",
        "CREATE TABLE t (id bigint NOT NULL, a text) PARTITION BY RANGE (id);",
        &["DROP TABLE p"],
    );
    check(
        "",
        "CREATE TABLE t (id bigint PRIMARY KEY, a integer, b integer) PARTITION BY RANGE (id); \
         CREATE TABLE p (b integer, a integer, id bigint CONSTRAINT own PRIMARY KEY); \
         CREATE INDEX own_a ON p (a); CREATE INDEX only_own ON p (b); CREATE INDEX ON t (a); \
         ALTER TABLE t ATTACH PARTITION p FOR VALUES FROM (0) TO (100);",
        &["CREATE INDEX own_a", "ATTACH PARTITION p"],
    );
}

#[test]
fn a_check_of_the_parent_that_looked_at_no_row() {
    check(
        "",
        "CREATE TABLE t (id bigint) PARTITION BY RANGE (id); \
         CREATE TABLE p PARTITION OF t FOR VALUES FROM (0) TO (100); \
         ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 4) NOT VALID;",
        &["NOT VALID"],
    );
}

#[test]
fn a_partition_is_detached_from_what_keys_refer_to_before_it_goes() {
    let rest = "CREATE TABLE t (id bigint PRIMARY KEY) PARTITION BY RANGE (id); \
         CREATE TABLE r (id bigint REFERENCES t);";
    check(
        &format!("{rest} CREATE TABLE p PARTITION OF t DEFAULT;"),
        rest,
        &["DETACH PARTITION p", "DROP TABLE p"],
    );
}

#[test]
fn a_type_that_is_made_again_changes_inherited_columns_with_their_parents() {
    let with = |words: &str| {
        format!(
            "CREATE TYPE mood AS ENUM ({words}); \
             CREATE TABLE t (id bigint, a mood) PARTITION BY RANGE (id); \
             CREATE TABLE p PARTITION OF t FOR VALUES FROM (0) TO (100);"
        )
    };
    check(&with("'a', 'b'"), &with("'a'"), &["ALTER TABLE t ALTER COLUMN a TYPE mood"]);
}
