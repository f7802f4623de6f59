-- Read models: derived from the log by ReadModels, never written by anything else, rebuilt at will.
create schema if not exists chat_read;

create table if not exists chat_read.accounts (
    id uuid primary key,
    email text,
    display_name text not null,
    role smallint not null,
    created_at timestamptz not null
);

create table if not exists chat_read.rooms (
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
-- Rooms are listed by name; the id makes the order total.
create index if not exists rooms_by_name on chat_read.rooms (lower(name), id);

create table if not exists chat_read.members (
    room_id uuid not null,
    account_id uuid not null,
    role smallint not null,
    joined_at timestamptz not null,
    -- The position of the join: members are listed in this order.
    joined_position bigint not null,
    primary key (room_id, account_id)
);
create index if not exists members_in_order on chat_read.members (room_id, joined_position);
create index if not exists members_by_account on chat_read.members (account_id, room_id);

create table if not exists chat_read.messages (
    room_id uuid not null,
    position bigint not null,
    id uuid not null,
    author_id uuid not null,
    text text not null,
    sent_at timestamptz not null,
    primary key (room_id, position)
);
create unique index if not exists messages_by_id on chat_read.messages (id);
