-- How orders ended for those who served them, and what jobs said of the bits of numeric classes that are not known to agree.
-- Written with the facts that say so; nothing is ever changed or deleted.
CREATE TABLE order_outcome (
  job_id  uuid        PRIMARY KEY REFERENCES job (id),
  builder text        NOT NULL,
  kind    text        NOT NULL,              -- HONOURED, FAULTY or REFUSED
  at      timestamptz NOT NULL
);
CREATE INDEX order_outcome_builder ON order_outcome (builder, at);

CREATE TABLE class_pairs (
  job_id        uuid    PRIMARY KEY REFERENCES job (id),
  numeric_class text    NOT NULL,
  equal         integer NOT NULL,            -- segments that two owners ran to equal leaves
  unexplained   integer NOT NULL             -- differences that no verdict explained
);
CREATE INDEX class_pairs_class ON class_pairs (numeric_class) INCLUDE (equal, unexplained);
