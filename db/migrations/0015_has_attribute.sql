-- Whether one of the texts at a path of a JSON document fulfils a test. The exact answer for documents in which it can't be
-- told from a single look (core/search/query/attribute-sql.ts). In a function, because PostgreSQL reads in parallel only
-- what has no subquery for each row.
CREATE FUNCTION "logs"."has_attribute"("document" json, "path" text[], "operator" text, "operand" text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM (
      SELECT lower(scalar COLLATE "pg_c_utf8") AS value FROM logs.attribute_texts(document, path) AS scalar
    ) AS folded
    WHERE CASE operator
      WHEN '=' THEN value = operand
      WHEN 'like' THEN value LIKE operand
      WHEN '~' THEN value ~ operand
      ELSE CASE WHEN value ~ '^-?[0-9]{1,20}(\.[0-9]{1,20})?(e[+-]?[0-9]{1,2})?$' THEN
        CASE operator
          WHEN '>' THEN value::float8 > operand::float8
          WHEN '>=' THEN value::float8 >= operand::float8
          WHEN '<' THEN value::float8 < operand::float8
          WHEN '<=' THEN value::float8 <= operand::float8
        END
      ELSE false END
    END
  );
END
$$;
