-- State of accounts that is no history: secrets, sessions and what must be unique at once.
create schema if not exists chat_auth;

-- Committed with the account's first event. The address is an HMAC: the log's readers learn none from this table.
create table if not exists chat_auth.emails (
    hmac bytea constraint emails_pkey primary key,
    account_id uuid not null
);

-- At most one row: the account that the server belongs to.
create table if not exists chat_auth.server_owner (
    only_one boolean constraint server_owner_pkey primary key default true check (only_one),
    account_id uuid not null
);

create table if not exists chat_auth.passwords (
    account_id uuid primary key,
    hash text not null,
    changed_at timestamptz not null
);

create table if not exists chat_auth.sessions (
    id uuid primary key,
    account_id uuid not null,
    -- SHA-256 of the token: 32 random bytes need no slow hash.
    token_hash bytea not null unique,
    user_agent text,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    ended_at timestamptz
);
create index if not exists sessions_by_account on chat_auth.sessions (account_id);
