-- Which transaction noted an outcome: matching remembers what owners have shown, and reads again only of whom something was
-- noted since. Rows that are there are as good as read; the default of new ones is set apart, so that none is rewritten.
ALTER TABLE outcome ADD COLUMN changed xid8 NOT NULL DEFAULT '0';
ALTER TABLE outcome ALTER COLUMN changed SET DEFAULT pg_current_xact_id();
CREATE INDEX outcome_changed ON outcome (changed);
