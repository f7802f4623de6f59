-- What is known of a projection's shard beside its row in Marten's progress table. The epoch rises with each owner,
-- also when the row was lost or came back from a backup: it is at least the time in microseconds. The failing event is
-- that at which the shard is paused.
CREATE TABLE {extension}.projection_shards (
    name text PRIMARY KEY,
    epoch bigint NOT NULL,
    owner text,
    dead_letters bigint NOT NULL DEFAULT 0,
    failure text,
    failing_sequence bigint,
    failing_event uuid,
    failing_type text
);

-- The events that a projection was told to skip because it could not apply them.
CREATE TABLE {extension}.dead_letters (
    projection text NOT NULL,
    sequence bigint NOT NULL,
    shard text NOT NULL,
    event_id uuid NOT NULL,
    stream_id uuid NOT NULL,
    event_type text NOT NULL,
    error text NOT NULL,
    skipped_at timestamptz NOT NULL,
    PRIMARY KEY (projection, sequence)
);
