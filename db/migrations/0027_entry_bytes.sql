-- What entries take on disk. On a distributed database their tables here are empty, and both are replaced (db/distribute.ts).

-- Of a table that holds entries, without its indexes: more than 0 when it may have some.
CREATE FUNCTION "logs"."part_bytes"("part" oid) RETURNS bigint LANGUAGE sql AS 'SELECT pg_relation_size(part)';
--> statement-breakpoint
-- What all entries take on other nodes, with their indexes.
CREATE FUNCTION "logs"."distributed_bytes"() RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint';
