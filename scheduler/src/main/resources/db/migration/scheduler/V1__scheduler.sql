-- A job is the fold of its facts; the other columns say what is to be done about it and are written with each fact.
CREATE TABLE job (
  id       uuid        PRIMARY KEY,
  version  integer     NOT NULL,             -- how many facts it has; also the fence of concurrent deciders
  phase    text        NOT NULL,
  builder  text        NOT NULL,
  trace    text        NOT NULL,             -- of the submission: everything later carries it on
  due      timestamptz,                      -- when something happens by itself; null: never, or not the scheduler's
  wants    integer     NOT NULL DEFAULT 0,   -- replicas that matching has to find
  tried_at timestamptz                       -- when matching last looked in vain; null: not since it wants these
);
CREATE INDEX job_due ON job (due) WHERE due IS NOT NULL;
CREATE INDEX job_wanting ON job (tried_at NULLS FIRST, id) WHERE wants > 0;

CREATE TABLE job_fact (
  job_id      uuid        NOT NULL REFERENCES job (id),
  seq         integer     NOT NULL,
  envelope_id uuid        NOT NULL UNIQUE,
  type        text        NOT NULL,
  source      text        NOT NULL,
  at          timestamptz NOT NULL,
  envelope    jsonb       NOT NULL,
  PRIMARY KEY (job_id, seq)
);

-- A ledger derived from the facts: who holds which capacity and which stake. Never counted up or down.
CREATE TABLE attempt (
  job_id   uuid    NOT NULL REFERENCES job (id),
  number   integer NOT NULL,
  provider text    NOT NULL,
  owner    text    NOT NULL,
  state    text    NOT NULL,
  bond     numeric(78, 0) NOT NULL,
  gpus     integer NOT NULL,
  occupies boolean NOT NULL,                 -- holds a slot of its provider
  open     boolean NOT NULL,                 -- not over yet
  bonded   boolean NOT NULL,                 -- its bond may still be burned
  PRIMARY KEY (job_id, number)
);
CREATE INDEX attempt_occupying ON attempt (provider) WHERE occupies;
CREATE INDEX attempt_open ON attempt (provider) WHERE open;
CREATE INDEX attempt_bonded ON attempt (owner) WHERE bonded;

CREATE TABLE provider (
  id                    text        PRIMARY KEY,
  owner                 text        NOT NULL,
  online                boolean     NOT NULL,
  session_key           jsonb       NOT NULL,
  session_key_signature text        NOT NULL,
  offer                 jsonb       NOT NULL,
  seen_at               timestamptz NOT NULL
);
CREATE INDEX provider_online ON provider (owner) WHERE online;

CREATE TABLE stake (
  owner  text           PRIMARY KEY,
  amount numeric(78, 0) NOT NULL,
  block  bigint         NOT NULL
);
