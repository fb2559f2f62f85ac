-- A service that keeps what it says in a table of its own need not write it here once more: such a record has no payload, and this
-- view finds it by its id. A service with such a table replaces the view; a row there must outlive the one here.
ALTER TABLE outbox ALTER COLUMN payload DROP NOT NULL;

CREATE VIEW outbox_kept (envelope_id, payload) AS SELECT NULL::uuid, NULL::bytea WHERE false;
