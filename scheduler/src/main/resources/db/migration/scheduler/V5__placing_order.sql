-- Since when a job wants what it wants, and how much of a machine a replica is: both are in its facts, but whoever orders
-- the waiting jobs must not read those of all of them.
ALTER TABLE job ADD COLUMN since timestamptz;
ALTER TABLE job ADD COLUMN gpus  integer NOT NULL DEFAULT 0;

UPDATE job SET
  since = (SELECT max(at) FROM job_fact f WHERE f.job_id = job.id AND f.type <> 'JobQueued'),
  gpus  = coalesce((SELECT (f.envelope #>> '{body,spec,resources,gpu,count}')::integer
                    FROM job_fact f WHERE f.job_id = job.id AND f.seq = 1), 0);

CREATE INDEX job_untried ON job (builder, since, id) WHERE wants > 0 AND tried_at IS NULL;
