-- Facts are sent from where they stand.
CREATE OR REPLACE VIEW outbox_kept (envelope_id, payload) AS SELECT envelope_id, convert_to(envelope, 'UTF8') FROM job_fact;
