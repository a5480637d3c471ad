# a comment; with a semicolon
SELECT 1--1; -- a comment; and
SELECT 2 --	tab makes a comment ;
;
SELECT 'a\'; b' "it's \" ;" `c;``d`, N'x;', _utf8mb4'y;', X'4D', @'v;', @`w;` # tail
;
SELECT /*+ BKA(t1; t2) */ 3;
SELECT /* plain ; */ 4 /*! , 5 /* inner ; */ , 6 */;
/*+ only a hint */;
;;
SET STATEMENT max_statement_time = 60 FOR ALTER TABLE t ADD c INT, RENAME TO u;
SELECT * FROM t INTO OUTFILE 'x.csv';
SET autocommit = 0;
SET GLOBAL max_connections = 10, @a := 1;
CREATE TEMPORARY TABLE scratch (id INT);
DROP TEMPORARY TABLE scratch;
RENAME TABLE a TO b, shop.c TO d;
CALL p(1);
