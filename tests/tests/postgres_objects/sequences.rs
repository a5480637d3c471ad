//! Sequences whose bounds move away from where they stand.

use crate::server::{check, database, lead};

#[test]
fn a_start_outside_of_the_new_bounds() {
    check(
        "CREATE SEQUENCE s MAXVALUE 500;",
        "CREATE SEQUENCE s AS smallint INCREMENT BY -1;",
        &["setval", "MAXVALUE -1"],
    );
    check(
        "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY (MINVALUE 1 MAXVALUE 9));",
        "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY (START 20 MINVALUE 20));",
        &["setval", "MINVALUE 20"],
    );
}

#[test]
fn a_sequence_that_gave_values_goes_on() {
    let Some(old) = database("CREATE SEQUENCE s;") else { return };
    let Some(new) = database("CREATE SEQUENCE s START 20 MINVALUE 20;") else { return };
    old.execute("SELECT nextval('s') FROM generate_series(1, 30)");
    lead(&old, &new);
    assert_eq!(old.value("SELECT nextval('s')"), "31");
}
