-- Which key a value in the log was encrypted with. Two keys of one subject can exist: one that was lost with a server
-- that died, and the one that was made after it.
ALTER TABLE {extension}.data_keys ADD COLUMN key_id uuid NOT NULL DEFAULT gen_random_uuid();
