CREATE TABLE t (a text);
COPY public.t (a) FROM stdin WITH (FORMAT csv);
it's data; BEGIN
\.
