PRAGMA journal_mode = WAL;
CREATE TABLE a (id INT);
VACUUM INTO 'copy.db';
ATTACH 'x.db' AS x;
SELECT load_extension('y');
PRAGMA wal_checkpoint(TRUNCATE);
BEGIN IMMEDIATE;
DELETE FROM a;
END TRANSACTION;
