-- Writes a batch of appends in the caller's transaction and says what became of each.
--   stream_*     one element for each stream of the batch, in id order; stream_gains is how many events it gets
--   request_*    one for each append; expected versions are -1 for any, or the array is null when none is asked for
--   condition_*  one for each (append, tag); null when there is none
--   key_*        one for each (append, subject whose personal data it holds); null when there is none
--   event_*      one for each event; event_steps counts the events of its stream in this batch: 1, 2, 3
--   group_*      one for each append of several events
--   tag_*        one for each (event, tag); null when there is none
-- Positions in arrays start at 1. The appends of a batch must not depend on each other's outcome. Not written are
--   repeated     appends whose first event is in the log already
--   busy         appends to a stream whose row somebody else has locked: nothing is decided about them
--   archived     appends to a stream that Marten has archived
--   unkeyed      appends whose personal data is encrypted under a key that is not there (any more)
--   refused      appends whose condition does not hold
-- An append may be in several of these; the first named counts.
--   new_*        versions and sequence numbers of the written events, in the order given
-- Plans are generic and use indexes: they are cached while the tables are still small, and kept when they are not.
CREATE FUNCTION {extension}.append_events(
    stream_ids uuid[], stream_types text[], stream_gains bigint[],
    request_streams integer[], request_first_events uuid[], request_expected bigint[],
    condition_requests integer[], condition_tags text[], condition_since bigint[],
    key_requests integer[], key_subjects uuid[], key_ids uuid[],
    event_requests integer[], event_streams integer[], event_steps bigint[], event_ids uuid[], event_types text[],
    event_dotnet_types text[], event_data jsonb[], event_correlations text[], event_causations text[],
    event_headers jsonb[],
    group_requests integer[], group_sizes integer[],
    tag_events integer[], tag_names text[],
    written_at timestamptz,
    OUT base_versions bigint[],
    OUT repeated integer[], OUT busy integer[], OUT archived integer[], OUT unkeyed integer[], OUT refused integer[],
    OUT new_versions bigint[], OUT new_sequences bigint[])
LANGUAGE plpgsql
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
DECLARE
    known_ids uuid[];
    is_any_archived boolean;
    dropped integer[];
BEGIN
    -- Taken before any sequence number is drawn and held through the commit: events become visible in sequence order.
    -- An erasure of personal data takes it too, so it comes before or after, never in between.
    PERFORM pg_advisory_xact_lock(hashtextextended('{extension}.append', 0));
    -- From here on all writers wait for us, so we do not wait for others: somebody may hold what we need for long.
    PERFORM set_config('lock_timeout', '{foreign_lock_wait}', true);

    SELECT array_agg(locked.id), array_agg(coalesce(locked.version, 0)), bool_or(locked.is_archived)
    INTO known_ids, base_versions, is_any_archived
    FROM (SELECT s.id, s.version, s.is_archived FROM {schema}.mt_streams s
          WHERE s.id = ANY (stream_ids) ORDER BY s.id FOR NO KEY UPDATE SKIP LOCKED) locked;
    IF known_ids IS DISTINCT FROM stream_ids THEN
        SELECT array_agg(coalesce(s.version, 0) ORDER BY given.place) INTO base_versions
        FROM unnest(stream_ids) WITH ORDINALITY AS given (id, place) LEFT JOIN {schema}.mt_streams s ON s.id = given.id;

        SELECT array_agg(given.place::integer) INTO busy
        FROM unnest(request_streams) WITH ORDINALITY AS given (stream, place)
        JOIN {schema}.mt_streams s ON s.id = stream_ids[given.stream]
        WHERE s.id <> ALL (coalesce(known_ids, '{}'));
    END IF;
    IF is_any_archived THEN
        SELECT array_agg(given.place::integer) INTO archived
        FROM unnest(request_streams) WITH ORDINALITY AS given (stream, place)
        JOIN {schema}.mt_streams s ON s.id = stream_ids[given.stream]
        WHERE s.is_archived;
    END IF;

    SELECT array_agg(given.place::integer) INTO repeated
    FROM unnest(request_first_events) WITH ORDINALITY AS given (id, place) JOIN {schema}.mt_events e ON e.id = given.id;
    IF repeated IS NOT NULL THEN
        -- The event may have become visible without being replicated. Writing something makes this commit wait for the
        -- standbys, and so for that event too.
        PERFORM pg_logical_emit_message(true, '{extension}', 'found');
    END IF;

    IF key_subjects IS NOT NULL THEN
        SELECT array_agg(DISTINCT given.request) INTO unkeyed
        FROM unnest(key_requests, key_subjects, key_ids) AS given (request, subject, id)
        WHERE NOT EXISTS (
            SELECT FROM {extension}.data_keys k
            WHERE k.subject = given.subject AND k.key_id = given.id AND k.wrapped_key IS NOT NULL);
    END IF;

    IF request_expected IS NOT NULL THEN
        SELECT array_agg(given.place::integer) INTO refused
        FROM unnest(request_streams, request_expected) WITH ORDINALITY AS given (stream, expected, place)
        WHERE given.expected >= 0 AND given.expected <> base_versions[given.stream];
    END IF;
    IF condition_tags IS NOT NULL THEN
        SELECT refused || array_agg(DISTINCT given.request) INTO refused
        FROM unnest(condition_requests, condition_tags, condition_since) AS given (request, tag, since)
        JOIN {extension}.stream_tags t
            ON t.stream_id = stream_ids[request_streams[given.request]]
            AND t.tag = given.tag AND t.version > given.since;
    END IF;

    dropped := repeated || busy || archived || unkeyed || refused;
    IF cardinality(dropped) > 0 THEN
        SELECT array_agg(CASE WHEN kept.is_kept THEN kept.step ELSE 0 END ORDER BY kept.place) INTO event_steps
        FROM (
            SELECT given.place, request <> ALL (dropped) AS is_kept,
                   count(*) FILTER (WHERE request <> ALL (dropped))
                       OVER (PARTITION BY given.stream ORDER BY given.place) AS step
            FROM unnest(event_requests, event_streams) WITH ORDINALITY AS given (request, stream, place)) kept;
        SELECT array_agg((SELECT coalesce(max(given.step), 0)
                          FROM unnest(event_streams, event_steps) AS given (stream, step)
                          WHERE given.stream = place) ORDER BY place)
        INTO stream_gains
        FROM generate_subscripts(stream_ids, 1) AS place;
    END IF;

    INSERT INTO {schema}.mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
    SELECT given.id, given.type, base_versions[given.place] + stream_gains[given.place], written_at, written_at,
           '*DEFAULT*', false
    FROM unnest(stream_ids, stream_types) WITH ORDINALITY AS given (id, type, place)
    WHERE stream_gains[given.place] > 0
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, timestamp = excluded.timestamp;

    WITH written AS (
        INSERT INTO {schema}.mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
            correlation_id, causation_id, headers, is_archived)
        SELECT nextval('{schema}.mt_events_sequence'), given.id, stream_ids[given.stream],
               base_versions[given.stream] + given.step, given.data, given.type, written_at, '*DEFAULT*',
               given.dotnet_type, given.correlation, given.causation, given.headers, false
        FROM unnest(event_streams, event_steps, event_ids, event_types, event_dotnet_types, event_data,
                    event_correlations, event_causations, event_headers)
            AS given (stream, step, id, type, dotnet_type, data, correlation, causation, headers)
        WHERE given.step > 0
        RETURNING version, seq_id)
    SELECT array_agg(written.version), array_agg(written.seq_id) INTO new_versions, new_sequences FROM written;

    IF tag_names IS NOT NULL THEN
        INSERT INTO {extension}.stream_tags (stream_id, tag, version)
        SELECT stream_ids[event_streams[given.event]], given.tag,
               max(base_versions[event_streams[given.event]] + event_steps[given.event])
        FROM unnest(tag_events, tag_names) AS given (event, tag)
        WHERE event_steps[given.event] > 0
        GROUP BY 1, 2
        ON CONFLICT (stream_id, tag) DO UPDATE SET version = excluded.version;
    END IF;

    IF group_requests IS NOT NULL THEN
        INSERT INTO {extension}.multi_event_appends (first_event_id, events)
        SELECT request_first_events[given.request], given.size
        FROM unnest(group_requests, group_sizes) AS given (request, size)
        WHERE dropped IS NULL OR given.request <> ALL (dropped)
        -- A row without its events is left of a log that lost some.
        ON CONFLICT (first_event_id) DO UPDATE SET events = excluded.events;
    END IF;
END
$$;
