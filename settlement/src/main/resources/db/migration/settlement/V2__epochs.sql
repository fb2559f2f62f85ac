-- Settling by epoch.

-- An intent need not be for one job.
alter table intent alter column job_id drop not null;

-- ---- books of epochs, folded from confirmed events like the others

create table book_settler (
  settler text not null,
  token   text not null,
  hub     text not null,
  primary key (settler, token)
);

-- Every hub's. Null while it is not settled: settled_*, amount, paid.
create table book_epoch (
  hub                 text not null,
  token               text not null,
  number              integer not null,
  root                text not null,
  transaction         text not null,
  block               bigint not null,
  settled_transaction text,
  amount              numeric(78, 0),
  paid                numeric(78, 0),
  primary key (hub, token, number)
);

-- What was demanded, by the place of its event. order_hash and builder are null for a line.
create table book_demand (
  block      bigint not null,
  log_index  integer not null,
  hub        text not null,
  token      text not null,
  number     integer not null,
  what       text not null,
  line       integer,
  builder    text,
  order_hash text,
  answered   boolean not null default false,
  primary key (block, log_index)
);
create index book_demand_epoch on book_demand (hub, token, number);
create index book_demand_open on book_demand (block, log_index) where not answered;

create table book_carry (
  order_hash text primary key,
  lines      integer not null
);

-- ---- our own epochs

create table epoch (
  hub         text not null,
  token       text not null,
  number      integer not null,
  root        text not null,
  count       integer not null,
  amount      numeric(78, 0) not null,
  file        text not null,
  jobs        integer not null,
  state       text not null check (state in ('BUILDING', 'POSTED', 'DEMANDED', 'SETTLED', 'VOID')),
  gas_used    bigint not null default 0,
  updated_at  timestamptz not null,
  primary key (hub, token, number)
);
create index epoch_open on epoch (number) where state in ('BUILDING', 'POSTED', 'DEMANDED');

-- Files by their content, in parts that a reader can hold.
create table epoch_file (
  file  text not null,
  part  integer not null,
  bytes bytea not null,
  primary key (file, part)
);

-- What the front door may read: it serves the files to everybody.
create view published_file as select file, part, bytes from epoch_file;

-- ---- jobs

alter table payout drop constraint payout_state_check;
alter table payout add constraint payout_state_check check (state in
  ('WAITING_EPOCH', 'IN_EPOCH', 'POSTED', 'WAITING_DIRECT', 'CARRYING', 'SENDING', 'MATURING', 'COLLECTING', 'SETTLED'));
-- The epoch of its order, and from when the contract takes the evidence of an order that no epoch paid; null for direct orders.
alter table payout add column token text, add column epoch integer, add column direct_at timestamptz;
create index payout_of_epoch on payout (token, epoch, state) where state in ('WAITING_EPOCH', 'IN_EPOCH', 'POSTED');
create index payout_waiting on payout (direct_at) where state in ('WAITING_DIRECT', 'CARRYING');

-- The evidence of a job that is not sent at once, and what its epoch pays by it.
create table decision (
  job_id  uuid primary key,
  payable text not null
);
create table payout_line (
  job_id          uuid not null,
  assignment_hash text not null,
  owner           text not null,
  amount          numeric(78, 0) not null,
  primary key (job_id, assignment_hash)
);
