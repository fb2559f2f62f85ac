-- An offer that declined is not asked for some minutes: matching reads the last time with what else changed about it.
ALTER TABLE attempt ADD COLUMN declined_at timestamptz;
CREATE INDEX attempt_declined ON attempt (provider, declined_at) WHERE declined_at IS NOT NULL;
