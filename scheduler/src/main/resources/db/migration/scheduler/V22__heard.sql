-- When all was last heard that was said of jobs: after a time in which nobody heard, nobody's time is up for as long again.
CREATE TABLE heard (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  at  timestamptz NOT NULL
);
