-- What the chain says of providers at confirmed blocks. Neither is ever taken back.
CREATE TABLE registration (
  provider text PRIMARY KEY,
  owner    text NOT NULL
);

CREATE TABLE revocation (
  provider   text        NOT NULL,
  serial     bigint      NOT NULL,
  revoked_at timestamptz NOT NULL,
  PRIMARY KEY (provider, serial)
);
