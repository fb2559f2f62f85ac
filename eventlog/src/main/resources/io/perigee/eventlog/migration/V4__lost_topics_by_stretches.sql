-- A topic that was lost is sent again from the first record that is kept. To find them all takes longer than a statement may, so
-- it is done by stretches: those up to here are done. NULL when there is nothing to do.
ALTER TABLE outbox_topic ADD COLUMN again_after bigint;
