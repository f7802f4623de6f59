-- Read models: derived from the log by ReadModels, never written by anything else, rebuilt at will.
-- {schema} is chat_read, or a schema beside it while they are rebuilt. Indexes that the projections themselves use are
-- here; those that only readers need are in read-model-indexes.sql.

create table if not exists {schema}.accounts (
    id uuid primary key,
    -- Null for guests, bots and the erased.
    email text,
    email_verified boolean not null,
    display_name text not null,
    role smallint not null,
    is_bot boolean not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    erased_at timestamptz
);

create table if not exists {schema}.rooms (
    id uuid primary key,
    kind smallint not null,
    name text not null,
    topic text not null,
    visibility smallint not null,
    encrypted boolean not null,
    archived boolean not null,
    created_at timestamptz not null,
    slow_mode_seconds int not null,
    members_can_invite boolean not null,
    members_can_pin boolean not null,
    guests_can_post boolean not null,
    history_for_new_members boolean not null,
    retention_days int,
    -- Messages up to this position are gone by retention.
    expired_through bigint not null,
    -- The version of the room's stream that all rows of the room reflect.
    position bigint not null,
    member_count int not null,
    -- How many messages were ever posted: the ordinal of the newest one.
    message_count bigint not null
);

create table if not exists {schema}.members (
    room_id uuid not null,
    account_id uuid not null,
    role smallint not null,
    joined_at timestamptz not null,
    -- The position of the join: members are listed in this order.
    joined_position bigint not null,
    -- The last position that the member does not see.
    floor bigint not null,
    primary key (room_id, account_id)
);

-- When people who left, or were put out, were last in: what happened up to then is still theirs to be told.
create table if not exists {schema}.former_members (
    room_id uuid not null,
    account_id uuid not null,
    joined_position bigint not null,
    floor bigint not null,
    left_position bigint not null,
    primary key (room_id, account_id)
);

-- Every stay of everybody, also those that are over, by places in the whole log.
create table if not exists {schema}.stays (
    account_id uuid not null,
    room_id uuid not null,
    joined_sequence bigint not null,
    -- Null while it lasts.
    left_sequence bigint,
    primary key (account_id, room_id, joined_sequence)
);

create table if not exists {schema}.invitations (
    room_id uuid not null,
    account_id uuid not null,
    invited_by uuid not null,
    invited_at timestamptz not null,
    primary key (room_id, account_id)
);

create table if not exists {schema}.bans (
    room_id uuid not null,
    account_id uuid not null,
    primary key (room_id, account_id)
);

-- Mutes and posts in slow mode outlive a membership: coming back ends neither.
create table if not exists {schema}.mutes (
    room_id uuid not null,
    account_id uuid not null,
    until timestamptz not null,
    primary key (room_id, account_id)
);

create table if not exists {schema}.slow_posts (
    room_id uuid not null,
    account_id uuid not null,
    posted_at timestamptz not null,
    primary key (room_id, account_id)
);

create table if not exists {schema}.pins (
    room_id uuid not null,
    message_id uuid not null,
    -- Of the message.
    position bigint not null,
    primary key (room_id, message_id)
);

create table if not exists {schema}.messages (
    room_id uuid not null,
    position bigint not null,
    id uuid not null,
    author_id uuid not null,
    text text not null,
    sent_at timestamptz not null,
    edited_at timestamptz,
    deleted_at timestamptz,
    reply_to_id uuid,
    thread_root_id uuid,
    -- How many messages of its thread are there and not deleted.
    reply_count int not null default 0,
    -- Null: nobody.
    mention_ids uuid[],
    mentions_room boolean not null,
    -- The how-manieth message of the room it is, and of its author in the room: unread messages are counted by
    -- subtraction (docs/adr/0012-unread-counts.md).
    ordinal bigint not null,
    author_ordinal bigint not null,
    primary key (room_id, position)
);
create unique index if not exists messages_by_id on {schema}.messages (id);
create index if not exists messages_by_author on {schema}.messages (author_id, room_id, position);

-- Who is mentioned where, by others and in messages that are not deleted.
create table if not exists {schema}.mentions (
    account_id uuid not null,
    room_id uuid not null,
    position bigint not null,
    primary key (account_id, room_id, position)
);
create index if not exists mentions_by_message on {schema}.mentions (room_id, position);

create table if not exists {schema}.reactions (
    message_id uuid not null,
    account_id uuid not null,
    emoji text not null,
    -- Of the reaction: people are listed in this order.
    position bigint not null,
    primary key (message_id, account_id, emoji)
);

-- One row for each kind of reaction to a message; in order of the position at which the kind appeared.
create table if not exists {schema}.reaction_groups (
    message_id uuid not null,
    emoji text not null,
    count int not null,
    position bigint not null,
    primary key (message_id, emoji)
);

create table if not exists {schema}.invite_links (
    id uuid primary key,
    room_id uuid not null,
    created_by uuid not null,
    code_hash text not null,
    max_uses int,
    expires_at timestamptz,
    uses int not null,
    revoked boolean not null,
    -- The version of the link's stream.
    position bigint not null
);

create table if not exists {schema}.reports (
    id uuid primary key,
    room_id uuid not null,
    message_id uuid not null,
    reporter_id uuid not null,
    reason text not null,
    reported_at timestamptz not null
);
create index if not exists reports_by_reporter on {schema}.reports (reporter_id);
