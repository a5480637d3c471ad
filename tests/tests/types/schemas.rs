//! Schemas with every type that has a Rust type, and names that are no Rust names.

pub(crate) const SQLITE: &str = "
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  \"userName\" TEXT NOT NULL,
  type VARCHAR(20),
  score REAL NOT NULL DEFAULT 0,
  picture BLOB,
  active BOOLEAN NOT NULL DEFAULT 1,
  born DATE,
  created_at DATETIME NOT NULL,
  doubled INTEGER GENERATED ALWAYS AS (id * 2) VIRTUAL
);
CREATE VIEW active_users AS SELECT id, \"userName\" FROM users WHERE active;
INSERT INTO users (id, \"userName\", created_at) VALUES (1, 'ann', '2026-01-02 03:04:05');
";

pub(crate) const MARIADB: &str = "
CREATE TABLE users (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `userName` varchar(200) NOT NULL COMMENT 'As shown.',
  `type` text,
  mood enum('happy', 'so so') NOT NULL DEFAULT 'happy',
  small smallint NOT NULL DEFAULT 1,
  active boolean NOT NULL DEFAULT 1,
  price decimal(10, 2),
  born date,
  seen datetime,
  created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  picture blob
) COMMENT 'Those who sign in.';
CREATE VIEW happy_users AS SELECT id, mood FROM users WHERE mood = 'happy';
INSERT INTO users (`userName`, created_at) VALUES ('ann', '2026-01-02 03:04:05');
";
