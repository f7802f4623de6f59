-- The appends that began with these events, as a retry is answered.
CREATE FUNCTION {extension}.find_appends(first_events uuid[])
RETURNS TABLE (first_event_id uuid, stream_id uuid, first_version bigint, last_version bigint, last_sequence bigint,
               headers jsonb, written_at timestamptz)
LANGUAGE sql STABLE
SET enable_seqscan = off
AS $$
    SELECT first.id, first.stream_id, first.version, last.version, last.seq_id, first.headers, first.timestamp
    FROM unnest(first_events) AS given (id)
    JOIN {schema}.mt_events first ON first.id = given.id
    LEFT JOIN {extension}.multi_event_appends several ON several.first_event_id = first.id
    JOIN {schema}.mt_events last
        ON last.stream_id = first.stream_id AND last.version = first.version + coalesce(several.events, 1) - 1;
$$;
