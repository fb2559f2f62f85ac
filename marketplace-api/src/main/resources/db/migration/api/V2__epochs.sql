-- Epochs as settlement tells of them, and the one that pays a job.

create table epoch (
  hub         text        not null,
  token       text        not null,
  number      integer     not null,
  root        text        not null,
  count       integer     not null,
  debits      numeric(78) not null,
  credits     numeric(78) not null,
  state       text        not null,
  transaction text,
  file        text        not null,
  primary key (hub, token, number)
);
create index epoch_newest on epoch (number desc, hub, token);

alter table job add column epoch integer, add column epoch_transaction text, add column epoch_final_at timestamptz;
