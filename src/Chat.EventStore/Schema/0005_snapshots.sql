-- The state of a stream as a fold left it at a version: what a later fold starts from. Derived from the log, so any row
-- may be deleted at any time.
--   name, schema_version  the state's type, as the program that saved it calls it
--   event_id              the event at that version; tells a snapshot of another history, such as one that a restored
--                         database brought along
--   subject               whose personal data the state holds; null when it holds none
-- The state is JSON that nobody queries, so its text is kept as it was written.
CREATE TABLE {extension}.snapshots (
    stream_id uuid NOT NULL,
    name text NOT NULL,
    schema_version integer NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    event_id uuid NOT NULL,
    subject uuid,
    state json NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (stream_id, name, schema_version)
);
