-- What a builder's attempts hold is asked with every look of matching: from the builder to its jobs at work, and not from all
-- attempts that occupy a machine. A job in another phase has none.
CREATE INDEX job_at_work ON job (builder) WHERE phase IN ('QUEUED', 'ACTIVE', 'AUDITING', 'DISPUTED', 'CLOSING');
