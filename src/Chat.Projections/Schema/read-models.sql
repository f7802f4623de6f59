-- Read models: derived from the log by ReadModels, never written by anything else, rebuilt at will.
-- {schema} is chat_read, or a schema beside it while they are rebuilt.

create table if not exists {schema}.accounts (
    id uuid primary key,
    email text,
    display_name text not null,
    role smallint not null,
    created_at timestamptz not null
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
    -- The version of the room's stream that all rows of the room reflect.
    position bigint not null,
    member_count int not null
);

create table if not exists {schema}.members (
    room_id uuid not null,
    account_id uuid not null,
    role smallint not null,
    joined_at timestamptz not null,
    -- The position of the join: members are listed in this order.
    joined_position bigint not null,
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

create table if not exists {schema}.messages (
    room_id uuid not null,
    position bigint not null,
    id uuid not null,
    author_id uuid not null,
    text text not null,
    sent_at timestamptz not null,
    primary key (room_id, position)
);
