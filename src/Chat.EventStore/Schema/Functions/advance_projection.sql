-- Moves a projection's progress at the end of the transaction that applied the events up to it. It fails, and so the
-- transaction does, when somebody else has moved it or owns it since: there are never two owners at work. Nor does a
-- page reach tables of another version than those that its owner knows; programs that do not say theirs know the first.
CREATE FUNCTION {extension}.advance_projection(
    projection text, from_position bigint, to_position bigint, owner_epoch bigint DEFAULT NULL,
    model_version integer DEFAULT 1)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    -- Who swaps in a rebuilt model holds this row and then waits for the model's tables, which this transaction holds:
    -- it gives way at once (55P03) and is tried again.
    PERFORM FROM {schema}.mt_event_progression WHERE name = projection FOR NO KEY UPDATE NOWAIT;
    UPDATE {schema}.mt_event_progression SET last_seq_id = to_position, last_updated = transaction_timestamp()
    WHERE name = projection AND last_seq_id = from_position;

    -- Epoch and version are read after the row is locked: who takes a projection over, or puts another model in its
    -- place, changes them and the row in one transaction.
    IF NOT FOUND OR owner_epoch IS NOT NULL AND NOT EXISTS (
        SELECT FROM {extension}.projection_shards WHERE name = projection AND epoch = owner_epoch)
        OR EXISTS (
            SELECT FROM {extension}.projection_models AS made
            WHERE made.projection = regexp_replace(advance_projection.projection, ':[^:]*$', '')
              AND made.version <> model_version)
    THEN
        RAISE EXCEPTION 'the progress of % is no longer %', projection, from_position USING ERRCODE = 'CE001';
    END IF;
END
$$;
