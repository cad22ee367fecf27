-- The texts of the scalars at a path of a JSON document: names compare without case, a name with dots in it is found by the
-- same path as nested objects, and each element of an array counts. core/search/query/attribute-texts.ts is the same for
-- entries in memory.
CREATE FUNCTION "logs"."attribute_texts"("document" json, "path" text[]) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  kind text := json_typeof(document);
  names integer := cardinality(path);
BEGIN
  IF kind = 'array' THEN
    RETURN QUERY SELECT scalar FROM json_array_elements(document) AS element, logs.attribute_texts(element, path) AS scalar;
  ELSIF kind = 'object' THEN
    IF names > 0 THEN
      RETURN QUERY SELECT scalar
      FROM json_each(document) AS member
      CROSS JOIN generate_series(1, names) AS taken
      CROSS JOIN LATERAL logs.attribute_texts(member.value, path[taken + 1:]) AS scalar
      WHERE lower(member.key COLLATE "pg_c_utf8") = array_to_string(path[:taken], '.');
    END IF;
  ELSIF names = 0 AND kind <> 'null' THEN
    RETURN NEXT document #>> '{}';
  END IF;
END
$$;
