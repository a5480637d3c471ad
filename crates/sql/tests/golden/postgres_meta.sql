CREATE TABLE t (a text DEFAULT '\x');
\i other.sql
