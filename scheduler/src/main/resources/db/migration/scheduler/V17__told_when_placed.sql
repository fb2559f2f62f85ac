-- Whoever makes an attempt holds the lock of matching and says what it holds in the log of offers, in the same transaction: a new
-- attempt is in the log. Only what changes about that is read again: whether it still occupies its machine, and its bond.
ALTER TABLE attempt ALTER COLUMN changed SET DEFAULT '0';

CREATE OR REPLACE TRIGGER attempt_changes BEFORE UPDATE ON attempt FOR EACH ROW
  WHEN (OLD.occupies <> NEW.occupies OR OLD.bonded <> NEW.bonded) EXECUTE FUNCTION note_change();

DROP INDEX attempt_changed;
CREATE INDEX attempt_changed ON attempt (changed) WHERE changed > '0';
