-- A new row has its transaction by the column's default: only a change has to be told.
CREATE OR REPLACE TRIGGER provider_changes BEFORE UPDATE ON provider FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE OR REPLACE TRIGGER stake_changes    BEFORE UPDATE ON stake    FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE OR REPLACE TRIGGER attempt_changes  BEFORE UPDATE ON attempt  FOR EACH ROW EXECUTE FUNCTION note_change();
