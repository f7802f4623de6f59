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
--   base_versions    what the streams were at before
--   first_sequence   the number of the first written event, where they follow each other; versions always do
--   sequences        otherwise, the numbers of all of them in the order given
-- The callers' connections ask for generic plans without sequential scans: plans are made and cached while the tables
-- are still empty, and kept when they are not. For the same reason the large tables are asked by "= ANY", never joined:
-- on an empty table the planner would rather read a whole index than look up one row after another.
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
    written_at timestamptz, is_careful boolean,
    OUT base_versions bigint[],
    OUT repeated integer[], OUT busy integer[], OUT archived integer[], OUT unkeyed integer[], OUT refused integer[],
    OUT first_sequence bigint, OUT sequences bigint[])
LANGUAGE plpgsql
AS $$
DECLARE
    free_ids uuid[];
    busy_ids uuid[];
    known_ids uuid[];
    archived_ids uuid[];
    known_events uuid[];
    dropped integer[];
    streams_touched bigint := cardinality(stream_ids);
    streams_written bigint;
    streams_made bigint := 0;
    events_written bigint;
    sequence_before bigint;
BEGIN
    -- The lock is taken before any sequence number is drawn and held through the commit: events become visible in
    -- sequence order. An erasure of personal data takes it too, so it comes before or after, never in between. From
    -- then on all writers wait for us, so we do not wait for others: somebody may hold what we need for long.
    PERFORM pg_advisory_xact_lock(hashtextextended('{extension}.append', 0)),
            set_config('lock_timeout', '{foreign_lock_wait}', true);

    IF is_careful THEN
        SELECT array_agg(locked.id) INTO free_ids
        FROM (SELECT s.id FROM {schema}.mt_streams s
              WHERE s.id = ANY (stream_ids) ORDER BY s.id FOR NO KEY UPDATE SKIP LOCKED) locked;
        busy_ids := ARRAY (SELECT s.id FROM {schema}.mt_streams s
                           WHERE s.id = ANY (stream_ids) AND s.id <> ALL (coalesce(free_ids, '{}')));
        SELECT array_agg(given.place::integer) INTO busy
        FROM unnest(request_streams) WITH ORDINALITY AS given (stream, place)
        WHERE stream_ids[given.stream] = ANY (busy_ids);
    END IF;

    IF EXISTS (SELECT FROM {schema}.mt_events e WHERE e.id = ANY (request_first_events)) THEN
        known_events := ARRAY (SELECT e.id FROM {schema}.mt_events e WHERE e.id = ANY (request_first_events));
        SELECT array_agg(given.place::integer) INTO repeated
        FROM unnest(request_first_events) WITH ORDINALITY AS given (id, place) WHERE given.id = ANY (known_events);
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
    IF condition_tags IS NOT NULL THEN
        SELECT array_agg(DISTINCT given.request) INTO refused
        FROM unnest(condition_requests, condition_tags, condition_since) AS given (request, tag, since)
        JOIN {extension}.stream_tags t
            ON t.stream_id = stream_ids[request_streams[given.request]]
            AND t.tag = given.tag AND t.version > given.since;
    END IF;

    -- Most batches ask for no version, so they can change the streams at once and learn then what they were at.
    IF is_careful OR request_expected IS NOT NULL OR cardinality(repeated || unkeyed || refused) > 0 THEN
        SELECT array_agg(found.id), array_agg(found.version), array_agg(found.id) FILTER (WHERE found.is_archived)
        INTO known_ids, base_versions, archived_ids
        FROM (SELECT s.id, coalesce(s.version, 0) AS version, s.is_archived
              FROM {schema}.mt_streams s WHERE s.id = ANY (stream_ids) ORDER BY s.id) found;
        IF known_ids IS DISTINCT FROM stream_ids THEN
            known_ids := coalesce(known_ids, '{}');
            base_versions := {extension}.versions_of(stream_ids, known_ids, base_versions);
        END IF;
        IF archived_ids IS NOT NULL THEN
            SELECT array_agg(given.place::integer) INTO archived
            FROM unnest(request_streams) WITH ORDINALITY AS given (stream, place)
            WHERE stream_ids[given.stream] = ANY (archived_ids);
        END IF;
        IF request_expected IS NOT NULL THEN
            SELECT refused || array_agg(given.place::integer) INTO refused
            FROM unnest(request_streams, request_expected) WITH ORDINALITY AS given (stream, expected, place)
            WHERE given.expected >= 0 AND given.expected <> base_versions[given.stream];
        END IF;

        dropped := repeated || busy || archived || unkeyed || refused;
        IF cardinality(dropped) > 0 THEN
            SELECT array_agg(CASE WHEN kept.is_kept THEN kept.step ELSE 0 END ORDER BY kept.place) INTO event_steps
            FROM (
                SELECT given.place, request <> ALL (dropped) AS is_kept,
                       count(*) FILTER (WHERE request <> ALL (dropped))
                           OVER (PARTITION BY given.stream ORDER BY given.place) AS step
                FROM unnest(event_requests, event_streams) WITH ORDINALITY AS given (request, stream, place)) kept;
            SELECT array_agg(gained.gain ORDER BY gained.stream) INTO stream_gains
            FROM (SELECT every.stream, max(every.step) AS gain
                  FROM (SELECT * FROM unnest(event_streams, event_steps) AS given (stream, step)
                        UNION ALL SELECT place, 0 FROM generate_subscripts(stream_ids, 1) AS place) every
                  GROUP BY every.stream) gained;
            SELECT count(*) INTO streams_touched FROM unnest(stream_gains) AS given (gain) WHERE given.gain > 0;
            IF streams_touched = 0 THEN
                RETURN;
            END IF;
        END IF;

        -- The ids are sorted, so width_bucket finds the place of one.
        UPDATE {schema}.mt_streams s
        SET version = base_versions[width_bucket(s.id, stream_ids)] + stream_gains[width_bucket(s.id, stream_ids)],
            timestamp = written_at
        WHERE s.id = ANY (stream_ids) AND stream_gains[width_bucket(s.id, stream_ids)] > 0
          AND coalesce(s.version, 0) = base_versions[width_bucket(s.id, stream_ids)] AND s.is_archived IS NOT TRUE;
        GET DIAGNOSTICS streams_written = ROW_COUNT;
    ELSE
        WITH changed AS (
            UPDATE {schema}.mt_streams s
            SET version = coalesce(s.version, 0) + stream_gains[width_bucket(s.id, stream_ids)], timestamp = written_at
            WHERE s.id = ANY (stream_ids)
            RETURNING s.id, s.version, s.is_archived)
        SELECT array_agg(known.id), array_agg(known.version - stream_gains[width_bucket(known.id, stream_ids)]),
               count(known.id) FILTER (WHERE known.is_archived IS NOT TRUE)
        INTO known_ids, base_versions, streams_written
        FROM (SELECT * FROM changed ORDER BY id) known;
        IF known_ids IS DISTINCT FROM stream_ids THEN
            known_ids := coalesce(known_ids, '{}');
            base_versions := {extension}.versions_of(stream_ids, known_ids, base_versions);
        END IF;
    END IF;
    IF known_ids IS DISTINCT FROM stream_ids THEN
        INSERT INTO {schema}.mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
        SELECT given.id, given.type, given.gain, written_at, written_at, '*DEFAULT*', false
        FROM unnest(stream_ids, stream_types, stream_gains) AS given (id, type, gain)
        WHERE given.gain > 0 AND given.id <> ALL (known_ids);
        GET DIAGNOSTICS streams_made = ROW_COUNT;
    END IF;
    IF streams_written + streams_made <> streams_touched THEN
        RAISE EXCEPTION 'a stream was changed meanwhile, or is archived: look more carefully' USING ERRCODE = 'CE002';
    END IF;

    sequence_before := coalesce(pg_sequence_last_value('{schema}.mt_events_sequence'), 0);
    INSERT INTO {schema}.mt_events (
        seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
        correlation_id, causation_id, headers, is_archived)
    SELECT nextval('{schema}.mt_events_sequence'), given.id, stream_ids[given.stream],
           base_versions[given.stream] + given.step, given.data, given.type, written_at, '*DEFAULT*',
           given.dotnet_type, given.correlation, given.causation, given.headers, false
    FROM unnest(event_streams, event_steps, event_ids, event_types, event_dotnet_types, event_data,
                event_correlations, event_causations, event_headers)
        AS given (stream, step, id, type, dotnet_type, data, correlation, causation, headers)
    WHERE given.step > 0;
    GET DIAGNOSTICS events_written = ROW_COUNT;
    IF currval('{schema}.mt_events_sequence') = sequence_before + events_written THEN
        first_sequence := sequence_before + 1;
    ELSE
        -- Somebody who does not take our lock has drawn numbers in between.
        sequences := ARRAY (SELECT e.seq_id FROM {schema}.mt_events e
                            WHERE e.id = ANY (event_ids) AND e.seq_id > sequence_before ORDER BY e.seq_id);
    END IF;

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
