-- What only readers need: a rebuild makes it when the tables are full.

-- Rooms are listed by name; the id makes the order total.
create index if not exists rooms_by_name on {schema}.rooms (lower(name), id);

create index if not exists members_in_order on {schema}.members (room_id, joined_position);
create index if not exists members_by_account on {schema}.members (account_id, room_id);

create unique index if not exists messages_by_id on {schema}.messages (id);
