//! No text makes the rules panic: words of SQL in any order, on every server.

use std::hash::{BuildHasher, RandomState};

use proptest::prelude::{ProptestConfig, Strategy};
use proptest::test_runner::{RngSeed, TestRunner};
use proptest::{collection, sample};
use xtask_db_history::{Checksum, Migration, SqlFile};
use xtask_db_lint::{Input, Level, NoFacts, Options, Server, apply, lint};
use xtask_db_sql::{Dialect, Syntax};

const CASES: u32 = 300;

const WORDS: &str = "ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 1 , ( ) ; DROP CREATE UNIQUE \
    INDEX CONCURRENTLY i ON ( a ) WHERE VIEW v AS SELECT * FROM UPDATE SET = DELETE INSERT INTO \
    VALUES 'x' \"Q\" [] . :: CONSTRAINT c CHECK FOREIGN KEY REFERENCES p PRIMARY USING VALIDATE TYPE \
    ENUM varchar ( 20 ) MODIFY CHANGE RENAME TO BEGIN COMMIT GENERATED ALWAYS IDENTITY STORED \
    ALGORITHM LOCK COPY TRUNCATE CASCADE PRAGMA foreign_keys OFF SET lock_timeout 0 WITH POLICY \
    TRIGGER REFRESH MATERIALIZED VACUUM FULL CLUSTER EXCLUDE IF EXISTS ONLY -- é\n /*!50000 */ $1 :a";

fn texts() -> impl Strategy<Value = String> {
    let words: Vec<&'static str> = WORDS.split(' ').filter(|word| !word.is_empty()).collect();
    let text = collection::vec(sample::select(words), 0..60);
    text.prop_map(|words| words.join(" "))
}

fn migration(id: &str, text: &str) -> Migration {
    let file = |text: &str| SqlFile { path: "m".into(), text: text.to_owned().into() };
    Migration {
        id: id.parse().expect("an id"),
        up: file(text),
        checksum: Checksum::of(text),
        down: None,
        verify: None,
        backfill: Some(file(text)),
        readme: None,
    }
}

#[test]
fn nothing_panics() {
    let seed = match std::env::var("XDB_SEED") {
        Ok(seed) => seed.parse().expect("XDB_SEED is a number"),
        Err(_) => RandomState::new().hash_one(0),
    };
    let config = ProptestConfig {
        cases: CASES,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&(texts(), texts()), |(earlier, text)| {
        for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
            look(dialect, &earlier, &text);
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("XDB_SEED={seed}: {error}");
    }
}

fn look(dialect: Dialect, earlier: &str, text: &str) {
    let mut options = Options::new(Server::of(dialect));
    for class in ["L", "K", "C", "D"] {
        options.set(class, Level::Warning).expect("a class");
    }
    let (before, draft) = (migration("1_a", earlier), migration("2_b", text));
    let inputs =
        [Input { migration: &before, look: false }, Input { migration: &draft, look: true }];
    // a text that cannot be split is refused
    let Ok(report) = lint(&inputs, Syntax::of(dialect), &options, &NoFacts) else { return };
    for file in &report.files {
        let (mended, count) = apply(text, &file.findings);
        assert!(count > 0 || mended == text);
    }
}
