CREATE TABLE effect (
  seq    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key    text   NOT NULL,
  number bigint NOT NULL
);
