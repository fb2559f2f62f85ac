-- Which transaction changed a row last: whoever reads all rows from the oldest transaction on that was still open at its
-- last reading has missed none, in whatever order transactions commit.
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed := pg_current_xact_id();
  RETURN NEW;
END $$;

ALTER TABLE provider     ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE stake        ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE attempt      ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE registration ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE revocation   ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE INDEX provider_changed     ON provider (changed);
CREATE INDEX stake_changed        ON stake (changed);
CREATE INDEX attempt_changed      ON attempt (changed);
CREATE INDEX registration_changed ON registration (changed);
CREATE INDEX revocation_changed   ON revocation (changed);

CREATE TRIGGER provider_changes BEFORE INSERT OR UPDATE ON provider FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER stake_changes    BEFORE INSERT OR UPDATE ON stake    FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER attempt_changes  BEFORE INSERT OR UPDATE ON attempt  FOR EACH ROW EXECUTE FUNCTION note_change();

-- The book of offers as matching saw it, change by change. Written under the lock of matching, so numbers have no gaps and
-- every choice was made at one of them.
CREATE TABLE offer_change (
  number  bigint PRIMARY KEY,
  kind    text   NOT NULL,                  -- OFFER, USE or STAKE
  subject text   NOT NULL,                  -- the provider, or the owner of the stake
  body    text   NOT NULL,                  -- JSON; empty when the offer is gone
  digest  text   NOT NULL                   -- of the digest before and of this row: it commits to everything up to here
);
CREATE INDEX offer_change_latest ON offer_change (kind, subject, number DESC);

-- Where the log stands, and from which transaction on rows have to be read again.
CREATE TABLE offer_log (
  number bigint NOT NULL,
  digest text   NOT NULL,
  seen   xid8   NOT NULL
);
INSERT INTO offer_log (number, digest, seen) VALUES (0, '0x' || repeat('0', 64), '0');

-- By which state of the book replicas were placed. The job's facts say the rest: what it wanted, the seed, who was chosen.
CREATE TABLE placement (
  job_id  uuid        NOT NULL REFERENCES job (id),
  facts   integer     NOT NULL,             -- how many facts the job had
  asked   timestamptz NOT NULL,
  version bigint      NOT NULL,             -- the number of the last change that was known
  PRIMARY KEY (job_id, facts)
);
