-- What was said of a job that is not known yet: it travels on another topic, or was sent again before the job was.
CREATE TABLE early (
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id      uuid NOT NULL,
  envelope    bytea NOT NULL,
  at          timestamptz NOT NULL
);
