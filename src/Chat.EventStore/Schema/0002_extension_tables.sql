-- The key under which a person's data is encrypted in the log, wrapped by a master key. A row without a key is the
-- tombstone of an erased subject: no key is ever made for it again.
CREATE TABLE {extension}.data_keys (
    subject uuid PRIMARY KEY,
    wrapped_key bytea,
    master_key integer NOT NULL,
    created_at timestamptz NOT NULL,
    erased_at timestamptz,
    CHECK ((wrapped_key IS NULL) = (erased_at IS NOT NULL))
);

-- The last version at which a stream's events carried a tag: what the condition "untouched since" asks.
CREATE TABLE {extension}.stream_tags (
    stream_id uuid NOT NULL,
    tag text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (stream_id, tag)
);

-- How many events an append had, where it had more than one: a retry is answered with the versions of the whole append.
CREATE TABLE {extension}.multi_event_appends (
    first_event_id uuid PRIMARY KEY,
    events integer NOT NULL CHECK (events > 1)
);
