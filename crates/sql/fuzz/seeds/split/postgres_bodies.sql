/* nested /* comment; */ still */
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $body$
BEGIN
  RETURN $$ ; $$;
END;
$body$;
CREATE FUNCTION g(a int) RETURNS int BEGIN ATOMIC
  SELECT CASE WHEN a > 0 THEN 1 ELSE 2 END AS end;
  SELECT (CASE a WHEN 1 THEN 2 END), t.case FROM t;
END;
CREATE OR REPLACE PROCEDURE h() LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); END;
CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v);
DO 'BEGIN PERFORM 1; END';
SELECT E'a\'; b'
  -- and on
  'c\'; d', 'e\', U&'d;\0061', B'1', X'F', N'n;', U&"x;", "a"";b";
SELECT a$b$c, $1, $tag$;$tag$, 1..10, 1.5e-3, a[1:n], a::text, :name;
SELECT 5 -- operators
  @-- comment ;
  1 #>> '{;}', a->>'b', x ? 'y', -1 /* tail ; */;
CREATE TABLE "Odd;Name" (id int);
CALL h()
