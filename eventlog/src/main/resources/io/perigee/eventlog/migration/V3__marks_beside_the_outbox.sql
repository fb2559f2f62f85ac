-- Which records wait to be sent stands beside them: to mark a record in its own row is to write all of it once more, in every
-- index, too. A row here is two numbers, and goes when its record has arrived.
CREATE TABLE outbox_waiting (
  seq  bigint   PRIMARY KEY,
  lane smallint NOT NULL
);
INSERT INTO outbox_waiting SELECT seq, lane FROM outbox WHERE sent_at IS NULL;

CREATE FUNCTION outbox_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox_waiting SELECT seq, lane FROM fresh;
  PERFORM pg_notify(TG_TABLE_SCHEMA || '_outbox', '');
  RETURN NULL;
END $$;
DROP TRIGGER outbox_notify ON outbox;
DROP FUNCTION outbox_notify;
CREATE TRIGGER outbox_appended AFTER INSERT ON outbox REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION outbox_appended();

ALTER TABLE outbox DROP COLUMN sent_at;
