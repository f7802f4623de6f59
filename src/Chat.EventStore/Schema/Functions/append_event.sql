-- Writes one event that asks for nothing and carries no tag and no personal data, as append_events does, in fewer steps:
-- what a batch is when only one caller appends. Where something is unusual it fails as if another writer had come in
-- between, and the caller turns to append_events.
CREATE FUNCTION {extension}.append_event(
    stream uuid, stream_type text, event_id uuid, event_type text, dotnet_type text, event_data jsonb,
    correlation text, causation text, event_headers jsonb, written_at timestamptz,
    OUT is_repeated boolean, OUT new_version bigint, OUT sequence bigint)
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('{extension}.append', 0)),
            set_config('lock_timeout', '{foreign_lock_wait}', true);
    is_repeated := EXISTS (SELECT FROM {schema}.mt_events e WHERE e.id = event_id);
    IF is_repeated THEN
        PERFORM pg_logical_emit_message(true, '{extension}', 'found');
        RETURN;
    END IF;

    UPDATE {schema}.mt_streams s SET version = coalesce(s.version, 0) + 1, timestamp = written_at
    WHERE s.id = stream AND s.is_archived IS NOT TRUE
    RETURNING s.version INTO new_version;
    IF new_version IS NULL THEN
        -- An archived stream violates the key.
        INSERT INTO {schema}.mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
        VALUES (stream, stream_type, 1, written_at, written_at, '*DEFAULT*', false);
        new_version := 1;
    END IF;

    INSERT INTO {schema}.mt_events (
        seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
        correlation_id, causation_id, headers, is_archived)
    VALUES (
        nextval('{schema}.mt_events_sequence'), event_id, stream, new_version, event_data, event_type, written_at,
        '*DEFAULT*', dotnet_type, correlation, causation, event_headers, false)
    RETURNING seq_id INTO sequence;
END
$$;
