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

pub(crate) const POSTGRES: &str = "
CREATE TYPE mood AS ENUM ('happy', 'so so', '2 sad');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  \"userName\" character varying(200) NOT NULL,
  type text,
  email email,
  mood mood NOT NULL DEFAULT 'happy',
  moods mood[] NOT NULL DEFAULT '{}',
  tags text[],
  small smallint NOT NULL DEFAULT 1,
  price numeric(10, 2),
  token uuid,
  settings jsonb NOT NULL DEFAULT '{}',
  born date,
  seen timestamp without time zone,
  created_at timestamp with time zone NOT NULL,
  picture bytea
);
COMMENT ON TABLE users IS 'Those who sign in.';
COMMENT ON COLUMN users.price IS 'What they pay a month.';
CREATE VIEW happy_users AS SELECT id, mood FROM users WHERE mood = 'happy';
INSERT INTO users (\"userName\", email, moods, tags, created_at)
  VALUES ('ann', 'a@b', '{so so,2 sad}', '{x}', '2026-01-02 03:04:05+00');
";
