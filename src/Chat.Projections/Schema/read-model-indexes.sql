-- What only readers need: a rebuild makes it when the tables are full.

-- People are found and listed by name; the id makes the order total.
create index if not exists accounts_by_name on {schema}.accounts (lower(display_name), id);

-- Rooms are listed by name; the id makes the order total.
create index if not exists rooms_by_name on {schema}.rooms (lower(name), id);

create index if not exists rooms_with_retention on {schema}.rooms (id) where retention_days is not null;

create index if not exists members_in_order on {schema}.members (room_id, joined_position);
create index if not exists members_by_account on {schema}.members (account_id, room_id);
create index if not exists invitations_by_account on {schema}.invitations (account_id, invited_at);

create index if not exists messages_of_thread on {schema}.messages (thread_root_id, position)
    where thread_root_id is not null;

-- What unread counts leave out, and what mentions everybody: few of many messages.
create index if not exists messages_deleted on {schema}.messages (room_id, position) include (author_id)
    where deleted_at is not null;
create index if not exists messages_to_all on {schema}.messages (room_id, position) include (author_id)
    where mentions_room and deleted_at is null;

create index if not exists reactions_in_order on {schema}.reactions (message_id, emoji, position);

create unique index if not exists invite_links_by_code on {schema}.invite_links (code_hash);
create index if not exists invite_links_of_room on {schema}.invite_links (room_id) where not revoked;
create index if not exists reports_of_room on {schema}.reports (room_id, reported_at, id);
create index if not exists reports_in_order on {schema}.reports (reported_at, id);
