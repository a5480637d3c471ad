//! temp
use crate::server::*;
use std::time::Instant;
#[test]
fn thousand() {
    let mut sql = String::new();
    for t in 0..1000 {
        sql.push_str(&format!("CREATE TABLE t{t} (id BIGINT AUTO_INCREMENT PRIMARY KEY, a VARCHAR(20) NOT NULL DEFAULT 'x', b INT, c DATETIME DEFAULT CURRENT_TIMESTAMP, d TEXT, e ENUM('a','b'), f DECIMAL(10,2), g INT, KEY k (a, b), UNIQUE KEY u (g), CHECK (b > 0));\n"));
    }
    let Some(db) = database(&sql) else { return };
    for _ in 0..3 {
        let at = Instant::now();
        let c = read(&db);
        eprintln!("read {:?}", at.elapsed());
        let at = Instant::now();
        let plan = xtask_db_schema::Catalog::empty(xtask_db_sql::Dialect::Mysql)
            .plan(&c, &Default::default())
            .unwrap();
        eprintln!("plan from empty {:?} {}", at.elapsed(), plan.steps.len());
        let at = Instant::now();
        let plan = c.plan(&c, &Default::default()).unwrap();
        eprintln!("plan same {:?} {}", at.elapsed(), plan.steps.len());
        let at = Instant::now();
        let f = c.fingerprint();
        eprintln!("fingerprint {:?} {}", at.elapsed(), f);
        let at = Instant::now();
        let g = c.guesses(&xtask_db_schema::Catalog::empty(xtask_db_sql::Dialect::Mysql));
        eprintln!("guess {:?} {}", at.elapsed(), g.len());
    }
}
