-- The appends that began with these events, as a retry is answered.
CREATE FUNCTION {extension}.find_appends(first_events uuid[])
RETURNS TABLE (first_event_id uuid, stream_id uuid, first_version bigint, last_version bigint, last_sequence bigint,
               headers jsonb, written_at timestamptz)
LANGUAGE sql STABLE
SET enable_seqscan = off
AS $$
    SELECT first.id, first.stream_id, first.version, last.version, last.seq_id, first.headers, first.timestamp
    FROM {schema}.mt_events first
    -- LIMIT keeps the planner from reading a whole index of a table that was empty when it planned.
    LEFT JOIN LATERAL (
        SELECT several.events FROM {extension}.multi_event_appends several
        WHERE several.first_event_id = first.id LIMIT 1) whole ON true
    JOIN LATERAL (
        SELECT e.version, e.seq_id FROM {schema}.mt_events e
        WHERE e.stream_id = first.stream_id AND e.version = first.version + coalesce(whole.events, 1) - 1
        LIMIT 1) last ON true
    WHERE first.id = ANY (first_events);
$$;
