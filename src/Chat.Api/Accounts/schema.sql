-- State of accounts that is no history: secrets, sessions and what must be unique at once.
create schema if not exists chat_auth;

-- Committed with the account's first event. The address is an HMAC: the log's readers learn none from this table.
create table if not exists chat_auth.emails (
    hmac bytea constraint emails_pkey primary key,
    account_id uuid not null
);
create index if not exists emails_by_account on chat_auth.emails (account_id);

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
    token_hash bytea unique,
    user_agent text,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    ended_at timestamptz
);
-- 0: a browser's, with a token in its cookie; 1: an API client's, with access and refresh tokens; 2: a bot's token.
-- Sessions from before this column had an opaque token, as those of browsers have. An API client's refresh token is a
-- MAC over session and generation: only which one is the current one is kept. To alter locks the table, also where
-- there is nothing to do.
do $$
begin
    if not exists (
        select from pg_attribute where attrelid = 'chat_auth.sessions'::regclass and attname = 'refreshed_at')
    then
        alter table chat_auth.sessions
            add column if not exists kind smallint not null default 0,
            add column if not exists refresh_generation int not null default 0,
            add column if not exists refreshed_at timestamptz,
            alter column token_hash drop not null;
    end if;
end
$$;
create index if not exists sessions_by_account on chat_auth.sessions (account_id);
create index if not exists sessions_ended on chat_auth.sessions (ended_at) where ended_at is not null;
create index if not exists sessions_alive on chat_auth.sessions (last_seen_at) where ended_at is null;

-- Keys of access tokens, encrypted under a key that the master key protects.
create table if not exists chat_auth.signing_keys (
    id uuid primary key,
    wrapped_private_key bytea not null,
    signs_from timestamptz not null,
    signs_until timestamptz not null,
    -- When the last token that it signed has expired.
    expires_at timestamptz not null
);

-- Links in mails. 0: verifies an address; 1: resets a password.
create table if not exists chat_auth.mail_tokens (
    -- SHA-256 of 32 random bytes.
    token_hash bytea primary key,
    kind smallint not null,
    account_id uuid not null,
    email_hmac bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index if not exists mail_tokens_by_account on chat_auth.mail_tokens (account_id, kind, created_at);
create index if not exists mail_tokens_by_expiry on chat_auth.mail_tokens (expires_at);

-- Accounts that were erased and may still have to leave rooms: a node that stops in between leaves the rest to others.
create table if not exists chat_auth.erasures (
    account_id uuid primary key,
    erased_at timestamptz not null
);
