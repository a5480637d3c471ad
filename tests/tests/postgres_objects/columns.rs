//! Columns, and what their types bring with them.

use crate::server::check;

#[test]
fn another_type_keeps_storage_and_compression() {
    let with = |ty: &str| {
        format!(
            "CREATE TABLE t (a {ty} COMPRESSION pglz); \
             ALTER TABLE t ALTER COLUMN a SET STORAGE EXTERNAL;"
        )
    };
    check(
        &with("char(7)"),
        &with("varchar(200)"),
        &["TYPE character varying(200)", "SET COMPRESSION pglz", "SET STORAGE EXTERNAL"],
    );
}
