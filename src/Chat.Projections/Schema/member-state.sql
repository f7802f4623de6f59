-- What members set for themselves in a room. It is state and no history: rebuilds of read models leave it alone, and a
-- later version adds to it, as the last statement does.
create schema if not exists chat_state;

create table if not exists chat_state.members (
    account_id uuid not null,
    room_id uuid not null,
    -- Everything up to here is read; it never moves backwards.
    last_read bigint not null default 0,
    primary key (account_id, room_id)
);
do $$
begin
    if not exists (select from pg_attribute where attrelid = 'chat_state.members'::regclass and attname = 'notify') then
        alter table chat_state.members add column notify smallint not null default 0;
    end if;
end
$$;
