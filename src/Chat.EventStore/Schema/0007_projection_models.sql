-- Of which version the tables of a projection are that owns a schema: written by whoever makes or swaps in the tables.
CREATE TABLE {extension}.projection_models (
    projection text PRIMARY KEY,
    version integer NOT NULL
);
