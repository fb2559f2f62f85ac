-- Stage 1 and the read model. JSON of signed or canonical things is kept as text: its bytes are what was hashed.

create table challenge (
  nonce      text primary key,
  address    text        not null,
  expires_at timestamptz not null
);
create index challenge_expiry on challenge (expires_at);

-- A bearer token is stored as its SHA-256 only.
create table session (
  token_hash text primary key,
  kind       text        not null check (kind in ('builder', 'provider')),
  subject    text        not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_expiry on session (expires_at);

create table artifact (
  id         text primary key,
  size       bigint      not null,
  media_type text        not null,
  created_at timestamptz not null
);

-- subject: a builder's address, a provider's id, or '*' for everybody.
-- opens: whether the files a manifest names are readable too. Somebody who sent a manifest's bytes as a plain file
-- has proven nothing about the files in it.
create table artifact_grant (
  artifact   text        not null references artifact (id),
  subject    text        not null,
  reason     text        not null,
  opens      boolean     not null,
  created_at timestamptz not null,
  primary key (artifact, subject)
);
create index artifact_grant_subject on artifact_grant (subject);

-- A manifest opens the files it names; it is accepted only from somebody who may read each of them already.
create table manifest_entry (
  manifest text   not null references artifact (id),
  path     text   not null,
  file     text   not null references artifact (id),
  size     bigint not null,
  primary key (manifest, path)
);
create index manifest_entry_file on manifest_entry (file);

create table upload (
  id         uuid primary key,
  subject    text        not null,
  content    text        not null,
  size       bigint      not null,
  media_type text        not null,
  complete   boolean     not null default false,
  created_at timestamptz not null
);
create index upload_subject on upload (subject, content) where not complete;
create index upload_age on upload (created_at);

create table allotment (
  builder   text   not null,
  hub       text   not null,
  token     text   not null,
  total     numeric(78) not null,
  reserved  numeric(78) not null,
  available numeric(78) not null,
  block     bigint not null,
  primary key (builder, hub, token)
);

create table stake (
  owner  text primary key,
  amount numeric(78) not null,
  block  bigint      not null
);

create table job (
  id              uuid primary key,
  builder         text        not null,
  name            text        not null,
  state           text        not null,
  outcome         text,
  cause           text,
  detail          text,
  spec            text        not null,
  spec_hash       text        not null,
  job_order       text        not null,
  order_hash      text        not null unique,
  order_signature text        not null,
  max_payment     numeric(78) not null,
  reserved        numeric(78) not null default 0,
  paid            numeric(78) not null default 0,
  refunded        numeric(78) not null default 0,
  verified_to     integer     not null default 0,
  -- what the job owes and to whom, with the evidence; null until it is decided
  payable         text,
  transactions    text        not null default '[]',
  outputs         text,
  checkpoint      text,
  state_until     timestamptz,
  last_event      bigint      not null default 0,
  created_at      timestamptz not null,
  updated_at      timestamptz not null
);
create index job_by_builder on job (builder, created_at desc, id desc);

create table idempotency (
  builder    text        not null,
  key        text        not null,
  body_hash  text        not null,
  answer     text,
  created_at timestamptz not null,
  primary key (builder, key)
);

create table attempt (
  job                  uuid        not null references job (id),
  number               integer     not null,
  assignment_hash      text        not null unique,
  provider             text        not null,
  owner                text        not null,
  state                text        not null,
  assignment           text        not null,
  hub_signature        text        not null,
  session_key          text        not null,
  session_key_signature text       not null,
  price                numeric(78) not null,
  bond                 numeric(78) not null,
  paid                 numeric(78) not null default 0,
  acceptance           text,
  commitment           text,
  commitment_signature text,
  receipt              text,
  receipt_signature    text,
  -- private until the verdict
  opening              text,
  segments             text,
  revealed_border      integer,
  -- manifests of the files behind the opening
  outputs              text,
  checkpoint           text,
  border               integer,
  progress             text,
  failure_kind         text,
  exit_code            integer,
  detail               text,
  created_at           timestamptz not null,
  updated_at           timestamptz not null,
  primary key (job, number)
);
create index attempt_open on attempt (provider) where state in ('ASSIGNED', 'RUNNING', 'COMMITTED', 'REVEALED');

-- The number of an event is counted in the job's own row, whose lock orders writers: readers never see a gap filled later.
create table event (
  job     uuid        not null references job (id),
  seq     bigint      not null,
  at      timestamptz not null,
  kind    text        not null,
  actor   text        not null,
  attempt integer,
  cause   text,
  detail  text        not null,
  links   text        not null,
  data    text        not null,
  primary key (job, seq)
);
create index event_timeline on event (job, seq) where kind <> 'progress';

create function event_rings() returns trigger language plpgsql as $$
begin
  perform pg_notify('perigee_api_job', new.job::text);
  return null;
end $$;
create trigger event_rings after insert on event for each row execute function event_rings();

create table agent (
  provider              text primary key,
  owner                 text        not null,
  session_key           text        not null,
  session_key_signature text        not null,
  key_address           text        not null,
  serial                bigint      not null,
  offer                 text        not null,
  online                boolean     not null,
  connection            uuid        not null,
  version               text        not null,
  seen_at               timestamptz not null
);
create index agent_online on agent (seen_at) where online;

-- What a provider must hear; everything open is said again whenever it connects.
create table delivery (
  id              bigint generated always as identity primary key,
  provider        text        not null,
  job             uuid        not null,
  assignment_hash text        not null,
  kind            text        not null,
  border          integer     not null default 0,
  body            text        not null,
  open            boolean     not null default true,
  created_at      timestamptz not null,
  unique (assignment_hash, kind, border)
);
create index delivery_open on delivery (provider, id) where open;

create function delivery_rings() returns trigger language plpgsql as $$
begin
  perform pg_notify('perigee_api_agent', new.provider);
  return null;
end $$;
create trigger delivery_rings after insert on delivery for each row execute function delivery_rings();
