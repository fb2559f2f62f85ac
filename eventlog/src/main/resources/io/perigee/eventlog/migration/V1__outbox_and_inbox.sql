-- Every service's schema has these tables. They have a history of their own (eventlog_history).

-- Outgoing records, written in the transaction of the state they speak of. "lane" is a hash of topic and key: a relay
-- locks whole lanes, so the records of one key are sent by one relay at a time, in the order of "seq". Sent rows stay
-- for a while, so that a log that was lost can be written again.
CREATE TABLE outbox (
  seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  envelope_id uuid        NOT NULL UNIQUE,
  lane        smallint    NOT NULL GENERATED ALWAYS AS ((hashtext(topic || '/' || key) & 2147483647) % 16) STORED,
  topic       text        NOT NULL,
  key         text        NOT NULL,
  payload     bytea       NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  sent_at     timestamptz
);
CREATE INDEX outbox_unsent ON outbox (lane, seq) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

CREATE TABLE outbox_lane (lane smallint PRIMARY KEY);
INSERT INTO outbox_lane SELECT generate_series(0, 15);

-- The identity of each topic that records were sent to: a topic that was deleted and made again has another one.
CREATE TABLE outbox_topic (
  topic    text PRIMARY KEY,
  topic_id text NOT NULL
);

CREATE FUNCTION outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify(TG_TABLE_SCHEMA || '_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER outbox_notify AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_notify();

-- Incoming records whose effect is already in the database.
CREATE TABLE inbox (
  consumer    text        NOT NULL,
  envelope_id uuid        NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (consumer, envelope_id)
);
CREATE INDEX inbox_age ON inbox (at);
