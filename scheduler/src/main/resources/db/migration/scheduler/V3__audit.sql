-- The block whose hash draws a job's audited segments, while the job waits for it.
ALTER TABLE job ADD COLUMN draw_block bigint;
CREATE INDEX job_drawing ON job (draw_block) WHERE draw_block IS NOT NULL;

-- What owners have shown, written with the facts that end attempts. Nothing is ever changed or deleted.
CREATE TABLE outcome (
  job_id        uuid        NOT NULL REFERENCES job (id),
  attempt       integer     NOT NULL,
  owner         text        NOT NULL,
  numeric_class text        NOT NULL,
  image_family  text        NOT NULL,            -- the trainer's name, or the digest of a builder's own image
  kind          text        NOT NULL,            -- VERIFIED, CRASHED or CHEATED
  at            timestamptz NOT NULL,
  PRIMARY KEY (job_id, attempt)
);
CREATE INDEX outcome_field ON outcome (owner, numeric_class, image_family, at);
