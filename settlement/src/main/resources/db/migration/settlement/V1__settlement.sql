-- Addresses, hashes and job ids are text in their canonical form; money is numeric(78, 0), which holds a uint256.

-- ---- the chain writer

-- One row per key that sends; its lock is what hands out nonces.
create table writer (
  address     text primary key,
  first_nonce bigint not null check (first_nonce >= 0),
  next_nonce  bigint not null check (next_nonce >= first_nonce)
);

create table intent (
  purpose       text primary key,
  job_id        uuid not null,
  recipient     text not null,
  data          bytea not null,
  state         text not null check (state in ('PLANNED', 'PARKED', 'SENT', 'VOIDING', 'MINED', 'CONFIRMED', 'FULFILLED', 'ABANDONED')),
  sender        text,
  nonce         bigint,
  tries         integer not null default 0,
  next_at       timestamptz not null,
  give_up_at    timestamptz,
  fulfilled     boolean not null default false,
  reason_code   text,
  reason_detail text,
  announced     boolean not null default false,
  transaction   text,
  block         bigint,
  gas_used      bigint,
  created_at    timestamptz not null,
  updated_at    timestamptz not null
);
create index intent_due on intent (next_at) where state in ('PLANNED', 'PARKED');
create index intent_under_way on intent (nonce) where state in ('SENT', 'VOIDING', 'MINED');
create index intent_open on intent (purpose) where state not in ('CONFIRMED', 'FULFILLED', 'ABANDONED');
create index intent_confirmed on intent (sender, nonce) where state = 'CONFIRMED';

-- Every transaction ever signed. Of one nonce only one can be mined; which, the chain says.
create table signed_transaction (
  hash         text primary key,
  sender       text not null,
  nonce        bigint not null,
  number       integer not null,
  purpose      text references intent (purpose),
  voids        boolean not null,
  raw          bytea not null,
  gas_limit    bigint not null,
  max_fee      numeric(78, 0) not null,
  priority_fee numeric(78, 0) not null,
  signed_at    timestamptz not null,
  waits_since  timestamptz not null,
  sent_at      timestamptz,
  answer       text,
  unique (sender, nonce, number)
);

-- ---- the chain watcher

create table chain_cursor (
  id        boolean primary key default true check (id),
  confirmed bigint not null
);

create table chain_block (
  number bigint primary key,
  hash   text not null,
  parent text not null,
  time   timestamptz not null
);

-- Events of blocks with enough confirmations, as decoded; the books below can be folded from them again.
create table chain_event (
  block       bigint not null,
  log_index   integer not null,
  transaction text not null,
  kind        text not null,
  order_hash  text,
  body        text not null,
  primary key (block, log_index)
);
create index chain_event_order on chain_event (order_hash) where order_hash is not null;

-- ---- our own books, folded from the events

create table book_balance (
  builder text not null,
  token   text not null,
  free    numeric(78, 0) not null,
  primary key (builder, token)
);

create table book_allotment (
  builder  text not null,
  hub      text not null,
  token    text not null,
  allotted numeric(78, 0) not null,
  recalled numeric(78, 0) not null,
  block    bigint not null,
  primary key (builder, hub, token)
);

create table book_order (
  order_hash text primary key,
  builder    text not null,
  hub        text not null,
  token      text not null,
  spent      numeric(78, 0) not null
);

create table book_credit (
  assignment_hash text primary key,
  order_hash      text not null,
  owner           text not null,
  credited        numeric(78, 0) not null,
  collected       numeric(78, 0) not null,
  payee           text,
  matures_at      timestamptz not null
);
create index book_credit_order on book_credit (order_hash);

create table book_burn (
  assignment_hash text primary key,
  order_hash      text not null,
  owner           text not null,
  amount          numeric(78, 0) not null
);
create index book_burn_order on book_burn (order_hash);

create table book_flow (
  token text primary key,
  paid_in  numeric(78, 0) not null,
  paid_out numeric(78, 0) not null
);

create table book_owner (
  owner text primary key,
  stake numeric(78, 0) not null,
  payee text not null,
  block bigint not null
);

-- ---- stage 5

create table reservation (
  job_id          uuid primary key,
  order_hash      text not null unique,
  builder         text not null,
  hub             text not null,
  token           text not null,
  maximum         numeric(78, 0) not null,
  deadline        timestamptz not null,
  order_json      text not null,
  order_signature text not null,
  state           text not null check (state in ('WAITING', 'OPEN', 'REFUSED', 'RELEASED')),
  wait_until      timestamptz not null,
  trace           text not null
);
create index reservation_open on reservation (builder, hub, token) where state in ('WAITING', 'OPEN');

create table assignment (
  assignment_hash text primary key,
  job_id          uuid not null,
  attempt         integer not null,
  owner           text not null
);
create index assignment_job on assignment (job_id);

create table payout (
  job_id     uuid primary key,
  order_hash text,
  state      text not null check (state in ('SENDING', 'MATURING', 'COLLECTING', 'SETTLED')),
  round      integer not null default 1,
  matures_at timestamptz,
  trace      text not null,
  updated_at timestamptz not null
);
create index payout_unsettled on payout (job_id) where state <> 'SETTLED';
create index payout_order on payout (order_hash);
