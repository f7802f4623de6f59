-- Marten's tables, exactly as Marten makes them: it drops columns and indexes that it does not know.
CREATE SCHEMA IF NOT EXISTS {schema};

CREATE TABLE IF NOT EXISTS {schema}.mt_streams (
    id uuid NOT NULL,
    type varchar,
    version bigint,
    timestamp timestamptz NOT NULL DEFAULT now(),
    created timestamptz NOT NULL DEFAULT now(),
    tenant_id varchar DEFAULT '*DEFAULT*',
    is_archived boolean DEFAULT false,
    CONSTRAINT pkey_mt_streams_id PRIMARY KEY (id)
);

DO $$
BEGIN
    IF to_regclass('{schema}.mt_events') IS NOT NULL THEN
        RETURN;
    END IF;

    CREATE TABLE {schema}.mt_events (
        seq_id bigint NOT NULL,
        id uuid NOT NULL,
        stream_id uuid,
        version bigint NOT NULL,
        data jsonb NOT NULL,
        bdata bytea,
        type varchar(500) NOT NULL,
        timestamp timestamptz NOT NULL,
        tenant_id varchar DEFAULT '*DEFAULT*',
        mt_dotnet_type varchar,
        correlation_id varchar,
        causation_id varchar,
        headers jsonb,
        is_archived boolean DEFAULT false,
        CONSTRAINT pkey_mt_events_seq_id PRIMARY KEY (seq_id),
        CONSTRAINT fkey_mt_events_stream_id FOREIGN KEY (stream_id)
            REFERENCES {schema}.mt_streams (id) ON DELETE CASCADE
    );
    -- The default is the constant that Marten has too, so nobody may rely on it: every writer gives the time.
    EXECUTE format('ALTER TABLE {schema}.mt_events ALTER COLUMN timestamp SET DEFAULT %L::timestamptz', now());
END
$$;

CREATE UNIQUE INDEX IF NOT EXISTS pk_mt_events_stream_and_version ON {schema}.mt_events (stream_id, version);
CREATE UNIQUE INDEX IF NOT EXISTS idx_mt_events_event_id ON {schema}.mt_events (id);
CREATE INDEX IF NOT EXISTS idx_mt_events_event_type_seq_id ON {schema}.mt_events (type, seq_id);

CREATE SEQUENCE IF NOT EXISTS {schema}.mt_events_sequence;
ALTER SEQUENCE {schema}.mt_events_sequence OWNED BY {schema}.mt_events.seq_id;

CREATE TABLE IF NOT EXISTS {schema}.mt_event_progression (
    name varchar NOT NULL,
    last_seq_id bigint,
    last_updated timestamptz DEFAULT transaction_timestamp(),
    CONSTRAINT pk_mt_event_progression PRIMARY KEY (name)
);

CREATE TABLE IF NOT EXISTS {schema}.mt_high_water_skips (
    ending_sequence bigint NOT NULL,
    starting_sequence bigint NOT NULL,
    timestamp timestamptz NOT NULL DEFAULT transaction_timestamp(),
    CONSTRAINT pkey_mt_high_water_skips_ending_sequence PRIMARY KEY (ending_sequence)
);
