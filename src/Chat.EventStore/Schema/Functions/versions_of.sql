-- The versions of streams in the order of their ids, 0 for those that do not exist yet.
CREATE FUNCTION {extension}.versions_of(stream_ids uuid[], known_ids uuid[], known_versions bigint[])
RETURNS bigint[]
LANGUAGE sql IMMUTABLE
AS $$
    SELECT array_agg(every.version ORDER BY every.id)
    FROM (SELECT * FROM unnest(known_ids, known_versions) AS known (id, version)
          UNION ALL
          SELECT made.id, 0 FROM unnest(stream_ids) AS made (id) WHERE made.id <> ALL (known_ids)) every;
$$;
