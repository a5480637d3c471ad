//! Readers, each with its table: a statement and what is read of it, in a short form.

use xtask_db_sql::{Dialect, Syntax, split};

use super::{ConstraintKind, Does, Filter, Kind, Source, Writes, read};

#[track_caller]
fn check(dialect: Dialect, sql: &str, expected: &str) {
    let syntax = Syntax::of(dialect);
    let script = split(sql, syntax).expect("it can be split");
    let shown: Vec<String> = read(sql, &script, syntax).iter().map(|one| show(&one.kind)).collect();
    assert_eq!(shown.join(" | "), expected, "{sql}");
}

fn show(kind: &Kind) -> String {
    match kind {
        Kind::CreateTable(create) => {
            let columns: Vec<String> = create.columns.iter().map(column).collect();
            let constraints: Vec<String> = create.constraints.iter().map(constraint).collect();
            let parts = [columns, constraints].concat().join(", ");
            format!("create {}({parts})", create.name.key())
        }
        Kind::AlterTable(alter) => {
            let actions: Vec<String> = alter.actions.iter().map(|one| action(&one.does)).collect();
            format!("alter {}: {}", alter.table.key(), actions.join(", "))
        }
        Kind::CreateIndex(create) => {
            let unique = if create.index.unique { "unique " } else { "" };
            let columns: Vec<&str> =
                create.index.columns.iter().map(|one| one.as_deref().unwrap_or("()")).collect();
            let partial = if create.index.partial { " where" } else { "" };
            let name = create.index.name.as_deref().unwrap_or("-");
            format!(
                "{unique}index {name} on {}({}){partial}",
                create.table.key(),
                columns.join(",")
            )
        }
        Kind::Write(writes) => writes.iter().map(write).collect::<Vec<_>>().join(" + "),
        other => format!("{other:?}"),
    }
}

fn column(column: &super::Column) -> String {
    let ty = column.ty.as_ref().map_or("-", |ty| ty.base.as_str());
    let marks = [
        (column.not_null, " not null"),
        (column.primary_key, " key"),
        (column.unique, " unique"),
        (column.references.is_some(), " refers"),
        (column.generated.is_some(), " generated"),
        (column.identity, " identity"),
        (column.auto_increment, " counts"),
    ];
    let mut shown = format!("{} {ty}", column.name);
    shown.extend(marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark));
    if let Some(default) = &column.default {
        shown = format!("{shown} = {}", default.text);
    }
    shown
}

fn constraint(constraint: &super::Constraint) -> String {
    let columns = constraint.columns.join(",");
    let kind = match &constraint.kind {
        ConstraintKind::PrimaryKey { using_index } => format!("key({columns}){using_index:?}"),
        ConstraintKind::Unique { using_index } => format!("unique({columns}){using_index:?}"),
        ConstraintKind::ForeignKey(to) => format!("({columns})->{}", to.table.key()),
        ConstraintKind::Check(condition) => format!("check {}", condition.text),
        ConstraintKind::Exclude => "exclude".to_owned(),
        ConstraintKind::NotNull => format!("not null({columns})"),
    };
    let valid = if constraint.not_valid { " not valid" } else { "" };
    format!("{kind}{valid}")
}

fn action(does: &Does) -> String {
    match does {
        Does::AddColumn(one) => format!("+{}", column(one)),
        Does::DropColumn(name) => format!("-{name}"),
        Does::Modify { column: old, to } => format!("{old}~{}", column(to)),
        Does::Add(one) => format!("+{}", constraint(one)),
        Does::SetType { column, ty, using } => {
            format!("{column}:{}{}", ty.text, if using.is_some() { " using" } else { "" })
        }
        other => format!("{other:?}"),
    }
}

fn write(write: &super::Write) -> String {
    let filter = |filter: &Filter| match filter {
        Filter::All => "all".to_owned(),
        Filter::Where(condition) => format!("where {}", condition.text),
        Filter::Joined => "joined".to_owned(),
    };
    let table = write.table.key();
    match &write.does {
        Writes::Update { set, filter: rows } => {
            let columns: Vec<&str> = set.iter().map(|(column, _)| column.as_str()).collect();
            format!("update {table}({}) {}", columns.join(","), filter(rows))
        }
        Writes::Delete { filter: rows } => format!("delete {table} {}", filter(rows)),
        Writes::Insert(insert) => {
            let source = match &insert.source {
                Source::Values => "values".to_owned(),
                Source::Query { star, from, .. } => {
                    format!(
                        "{}from {:?}",
                        if *star { "* " } else { "" },
                        from.as_ref().map(|n| n.key())
                    )
                }
            };
            let again = if insert.again { " again" } else { "" };
            format!("insert {table}{:?} {source}{again}", insert.columns)
        }
    }
}

#[test]
fn tables() {
    let postgres = |sql, expected| check(Dialect::Postgres, sql, expected);
    postgres(
        "CREATE TABLE IF NOT EXISTS \"A\".t (id bigint GENERATED ALWAYS AS IDENTITY (START 1) \
         PRIMARY KEY, n numeric(10, 2) DEFAULT 0 NOT NULL, at timestamp(3) with time zone DEFAULT \
         now() AT TIME ZONE 'utc', tags text[] DEFAULT '{}'::text[], CHECK (n > 0))",
        "create A.t(id bigint key identity, n numeric not null = 0, at timestamp with time zone = \
         now() AT TIME ZONE 'utc', tags text = '{}'::text[], check n > 0)",
    );
    postgres(
        "CREATE TABLE t (a int REFERENCES p (id) ON DELETE SET NULL DEFAULT 1, b int CONSTRAINT c \
         UNIQUE, CONSTRAINT f FOREIGN KEY (a, b) REFERENCES q)",
        "create t(a integer refers = 1, b integer unique, (a,b)->q)",
    );
    let mysql = |sql, expected| check(Dialect::Mysql, sql, expected);
    mysql(
        "CREATE TABLE `t` (`id` int(11) unsigned NOT NULL AUTO_INCREMENT COMMENT 'x', e enum('a,b', \
         'c') DEFAULT 'c', at timestamp DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, \
         PRIMARY KEY (`id`), UNIQUE KEY `u` (`e`(10))) ENGINE=InnoDB /*!50100 STATS_PERSISTENT=1 */",
        "create t(id integer not null counts, e enum = 'c', at timestamp = CURRENT_TIMESTAMP, \
         key(id)None)",
    );
    let sqlite = |sql, expected| check(Dialect::Sqlite, sql, expected);
    sqlite(
        "CREATE TABLE t (a, b UNSIGNED BIG INT, c VARCHAR(9) NOT NULL, d AS (a + 1) STORED)",
        "create t(a -, b unsigned big int, c character varying not null, d - generated)",
    );
}

#[test]
fn alterations() {
    let postgres = |sql, expected| check(Dialect::Postgres, sql, expected);
    postgres(
        "ALTER TABLE IF EXISTS ONLY t ADD a int, DROP COLUMN IF EXISTS b CASCADE, ALTER c TYPE \
         double precision USING c::float8, ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID",
        "alter t: +a integer, -b, c:double precision using, +check a IS NOT NULL not valid",
    );
    postgres(
        "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i, ADD PRIMARY KEY USING INDEX j",
        "alter t: +unique()Some(\"i\"), +key()Some(\"j\")",
    );
    let mysql = |sql, expected| check(Dialect::Mysql, sql, expected);
    mysql(
        "ALTER TABLE t WAIT 3 ADD (a int, b int), CHANGE c d bigint FIRST, MODIFY COLUMN e text",
        "alter t: +a integer, +b integer, c~d bigint, e~e text",
    );
    check(Dialect::Sqlite, "ALTER TABLE 't' ADD 'a' TEXT", "alter t: +a text");
}

#[test]
fn indexes() {
    let postgres = |sql, expected| check(Dialect::Postgres, sql, expected);
    postgres(
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY a.t USING btree (x DESC, lower(y)) \
         INCLUDE (z) WHERE x > 1",
        "unique index i on a.t(x,()) where",
    );
    check(Dialect::Mysql, "CREATE INDEX i ON t (a(10), b DESC)", "index i on t(a,b)");
}

#[test]
fn writes() {
    let postgres = |sql, expected| check(Dialect::Postgres, sql, expected);
    postgres("UPDATE ONLY t AS x SET a = 1, b = (SELECT 1 WHERE true)", "update t(a,b) all");
    postgres("UPDATE t SET a = 1 FROM u WHERE t.id = u.id", "update t(a) where t.id = u.id");
    postgres(
        "WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO log SELECT * FROM gone",
        "delete t all + insert logNone * from Some(\"gone\")",
    );
    postgres(
        "INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT DO NOTHING",
        "insert tSome([\"a\", \"b\"]) values again",
    );
    let mysql = |sql, expected| check(Dialect::Mysql, sql, expected);
    mysql("DELETE t FROM t JOIN u ON u.id = t.id", "delete t joined");
    mysql("UPDATE t, u SET t.a = 1", "update t(a) joined");
    mysql("REPLACE INTO t (SELECT a FROM u)", "insert tNone from Some(\"u\") again");
    check(Dialect::Sqlite, "INSERT OR IGNORE INTO t VALUES (1)", "insert tNone values again");
}
