create schema if not exists chat_limits;

-- Tokens that all nodes count together. Unlogged: a crash that empties it costs nothing.
create unlogged table if not exists chat_limits.buckets (
    name text primary key,
    tokens double precision not null,
    -- Whether the last one who asked got a token.
    taken boolean not null,
    at timestamptz not null,
    full_at timestamptz not null
);
