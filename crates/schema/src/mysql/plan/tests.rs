//! Plans between tables that a server printed.

use crate::mysql::{Catalog, Collations, Flavor, Server, Source, Table, View, plan};
use crate::{PlanOptions, SchemaError};

const MARIADB: Server = Server { flavor: Flavor::MariaDb, backslash_escapes: true };
const MYSQL: Server = Server { flavor: Flavor::MySql, backslash_escapes: true };

/// A catalog of texts that blank lines part. A table's collation is the one it names.
fn catalog(texts: &str, server: Server) -> Catalog {
    let source = Source { server, database: "shop" };
    let mut catalog = Catalog { server: Some(server), ..Catalog::default() };
    for text in texts.split("\n\n").map(str::trim).filter(|text| !text.is_empty()) {
        if text.contains(" VIEW ") {
            catalog.views.push(View::read(text, source).unwrap());
            continue;
        }
        let named = text.rsplit_once("COLLATE=").map(|(_, rest)| rest);
        let collation = named.and_then(|rest| rest.split_whitespace().next());
        let collation = collation.unwrap_or("utf8mb4_bin").to_owned();
        let mut collations = Collations { table: collation.clone(), ..Collations::default() };
        for line in text.lines().filter(|line| line.contains("char(") || line.contains("text")) {
            let name = line.split('`').nth(1).unwrap_or_default().to_owned();
            let own = line.split("COLLATE ").nth(1).and_then(|rest| rest.split(' ').next());
            let own = own.map(|own| own.trim_end_matches(',').to_owned());
            collations.columns.insert(name, own.unwrap_or_else(|| collation.clone()));
        }
        catalog.tables.push(Table::read(text, &collations, source).unwrap());
    }
    catalog
}

fn planned(from: &str, to: &str, server: Server) -> Result<String, SchemaError> {
    let (from, to) = (catalog(from, server), catalog(to, server));
    plan(&from, &to, &PlanOptions::default()).map(|plan| plan.script())
}

#[track_caller]
fn check_on(server: Server, from: &str, to: &str, expected: &str) {
    let shown = planned(from, to, server).unwrap_or_else(|error| error.to_string());
    assert_eq!(shown.trim_end(), expected);
    for same in [from, to] {
        assert_eq!(planned(same, same, server).unwrap(), "", "{same}");
    }
}

#[track_caller]
fn check(from: &str, to: &str, expected: &str) {
    check_on(MARIADB, from, to, expected);
}

/// A table of MariaDB with these lines.
fn t(lines: &str) -> String {
    format!(
        "CREATE TABLE `t` (\n{lines}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
    )
}

#[test]
fn a_new_table_is_written_out() {
    check(
        "",
        &format!(
            "{} COMMENT='it''s'\n PARTITION BY HASH (`id`)\nPARTITIONS 3",
            t(
                "  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,\n  `order` varchar(20) CHARACTER \
               SET latin1 COLLATE latin1_bin DEFAULT 'a''b',\n  PRIMARY KEY (`id`),\n  KEY `k` \
               (`order`(5),`id`) USING BTREE,\n  CONSTRAINT `c` CHECK (`order` <> 'x' and `id` > 0)"
            )
        ),
        "\
CREATE TABLE t (
    id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
    `order` varchar(20) COLLATE latin1_bin DEFAULT 'a''b',
    PRIMARY KEY (id),
    KEY k (`order`(5), id) USING BTREE,
    CONSTRAINT c CHECK (`order` <> 'x' AND id > 0)
) ENGINE=InnoDB COLLATE=utf8mb4_bin COMMENT='it''s'
PARTITION BY HASH (id)
PARTITIONS 3;",
    );
}

#[test]
fn a_table_changes_in_one_statement() {
    check(
        &t("  `id` int(11) NOT NULL,\n  `a` int(11) DEFAULT NULL,\n  KEY `k` (`a`)"),
        &t(
            "  `id` int(11) NOT NULL,\n  `b` text DEFAULT NULL,\n  KEY `k` (`b`(9)),\n  CONSTRAINT \
            `c` CHECK (`id` > 1)",
        ),
        "\
ALTER TABLE t
    DROP KEY k,
    DROP COLUMN a,
    ADD COLUMN b text DEFAULT NULL,
    ADD KEY k (b(9)),
    ADD CONSTRAINT c CHECK (id > 1);",
    );
}

#[test]
fn collations_follow_the_columns_not_the_default() {
    let latin = "CREATE TABLE `t` (\n  `a` varchar(9) DEFAULT NULL\n) ENGINE=InnoDB DEFAULT \
                 CHARSET=latin1 COLLATE=latin1_bin";
    check(
        latin,
        &t("  `a` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT NULL"),
        "ALTER TABLE t COLLATE=utf8mb4_bin;",
    );
    check(
        latin,
        &t("  `a` varchar(9) DEFAULT NULL"),
        "ALTER TABLE t\n    MODIFY COLUMN a varchar(9) DEFAULT NULL,\n    COLLATE=utf8mb4_bin;",
    );
}

#[test]
fn foreign_keys_give_way_to_changes() {
    let parent = |kind: &str| {
        format!(
            "CREATE TABLE `p` (\n  `id` {kind} NOT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB"
        )
    };
    let child = |kind: &str, actions: &str| {
        let lines = format!(
            "  `p` {kind} DEFAULT NULL,\n  KEY `k` (`p`),\n  CONSTRAINT `fk` FOREIGN KEY (`p`) \
             REFERENCES `p` (`id`){actions}"
        );
        t(&lines)
    };
    let both = |kind: &str, actions| format!("{}\n\n{}", parent(kind), child(kind, actions));
    check(
        &both("int(11)", ""),
        &both("bigint(20)", ""),
        "\
ALTER TABLE t DROP FOREIGN KEY fk;
ALTER TABLE p MODIFY COLUMN id bigint(20) NOT NULL;
ALTER TABLE t MODIFY COLUMN p bigint(20) DEFAULT NULL;
ALTER TABLE t
    DROP KEY k,
    ADD KEY k (p),
    ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id);",
    );
    check(
        "",
        &both("int(11)", " ON DELETE CASCADE"),
        "\
CREATE TABLE p (
    id int(11) NOT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB COLLATE=utf8mb4_bin;
CREATE TABLE t (
    p int(11) DEFAULT NULL,
    KEY k (p),
    CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE
) ENGINE=InnoDB COLLATE=utf8mb4_bin;",
    );
    check(&both("int(11)", ""), "", "DROP TABLE t;\nDROP TABLE p;");
}

#[test]
fn tables_in_a_circle_come_and_go() {
    let table = |name: &str, other: &str| {
        format!(
            "CREATE TABLE `{name}` (\n  `id` int(11) NOT NULL,\n  PRIMARY KEY (`id`),\n  CONSTRAINT \
             `fk_{name}` FOREIGN KEY (`id`) REFERENCES `{other}` (`id`)\n) ENGINE=InnoDB"
        )
    };
    let circle = format!("{}\n\n{}", table("a", "b"), table("b", "a"));
    check(
        "",
        &circle,
        "\
CREATE TABLE a (
    id int(11) NOT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB COLLATE=utf8mb4_bin;
CREATE TABLE b (
    id int(11) NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT fk_b FOREIGN KEY (id) REFERENCES a (id)
) ENGINE=InnoDB COLLATE=utf8mb4_bin;
ALTER TABLE a ADD CONSTRAINT fk_a FOREIGN KEY (id) REFERENCES b (id);",
    );
    check(
        &circle,
        "",
        "\
ALTER TABLE a DROP FOREIGN KEY fk_a;
ALTER TABLE b DROP FOREIGN KEY fk_b;
DROP TABLE a;
DROP TABLE b;",
    );
}

#[test]
fn views_come_after_those_they_name() {
    let view = |name: &str, over: &str| {
        format!(
            "CREATE ALGORITHM=UNDEFINED DEFINER=`u`@`%` SQL SECURITY INVOKER VIEW `{name}` AS \
             select `{over}`.`id` AS `id` from `{over}`"
        )
    };
    let views = |first: &str| format!("{}\n\n{}", view("a", "b"), view("b", first));
    check(
        "",
        &views("t"),
        "\
CREATE SQL SECURITY INVOKER VIEW b AS SELECT t.id AS id FROM t;
CREATE SQL SECURITY INVOKER VIEW a AS SELECT b.id AS id FROM b;",
    );
    check(
        &views("t"),
        &views("u"),
        "CREATE OR REPLACE SQL SECURITY INVOKER VIEW b AS SELECT u.id AS id FROM u;",
    );
    check(&views("t"), "", "DROP VIEW a;\nDROP VIEW b;");
}

#[test]
fn the_texts_of_mysql_are_read() {
    let t = |lines: &str, tail: &str| {
        format!(
            "CREATE TABLE `t` (\n{lines}\n) ENGINE=InnoDB AUTO_INCREMENT=9 DEFAULT CHARSET=utf8mb4 \
             COLLATE=utf8mb4_0900_ai_ci{tail}"
        )
    };
    check_on(
        MYSQL,
        &t(
            "  `id` bigint unsigned NOT NULL AUTO_INCREMENT,\n  `a` varchar(9) CHARACTER SET utf8mb4 \
            COLLATE utf8mb4_0900_ai_ci DEFAULT NULL,\n  PRIMARY KEY (`id`),\n  KEY `f` \
            ((lower(`a`))),\n  KEY `i` (`a`),\n  CONSTRAINT `c` CHECK ((`id` > 1))",
            "",
        ),
        &t(
            "  `id` bigint unsigned NOT NULL AUTO_INCREMENT,\n  `a` varchar(9) DEFAULT NULL,\n  `g` \
            int GENERATED ALWAYS AS ((`id` + 1)) VIRTUAL,\n  `p` point NOT NULL /*!80003 SRID 4326 \
            */,\n  `h` int DEFAULT '3' /*!80023 INVISIBLE */,\n  `u` varchar(36) DEFAULT (uuid()),\
            \n  PRIMARY KEY (`id`),\n  KEY `f` ((upper(`a`))),\n  KEY `i` (`a`) /*!80000 INVISIBLE \
            */,\n  FULLTEXT KEY `x` (`a`) /*!50100 WITH PARSER `ngram` */ ,\n  CONSTRAINT `c` CHECK \
            ((`id` > 2)) /*!80016 NOT ENFORCED */",
            "\n/*!50100 PARTITION BY RANGE (`id`)\n(PARTITION p0 VALUES LESS THAN (10) ENGINE = \
             InnoDB) */",
        ),
        "\
ALTER TABLE t
    DROP CHECK c,
    DROP KEY f,
    ADD COLUMN g int GENERATED ALWAYS AS ((id + 1)) VIRTUAL AFTER a,
    ADD COLUMN p point NOT NULL SRID 4326 AFTER g,
    ADD COLUMN h int DEFAULT '3' INVISIBLE AFTER p,
    ADD COLUMN u varchar(36) DEFAULT (uuid()),
    ADD FULLTEXT KEY x (a) WITH PARSER ngram,
    ADD KEY f ((upper(a))),
    ALTER INDEX i INVISIBLE,
    ADD CONSTRAINT c CHECK ((id > 2)) NOT ENFORCED
PARTITION BY RANGE (id)
(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB);",
    );
}

#[test]
fn what_has_no_statement_is_refused() {
    let table = |option: &str| format!("{}{option}", t("  `id` int(11) NOT NULL"));
    check(&table(" `encrypted`='1'"), &table(""), "ALTER TABLE t `encrypted`=DEFAULT;");
    check(
        &table(" NEW_OPTION=1"),
        &table(""),
        "table t cannot be changed: no statement takes the option NEW_OPTION away",
    );
}
