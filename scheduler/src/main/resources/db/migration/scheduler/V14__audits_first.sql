-- Whoever is audited had its turn when its run began: it keeps the place of its submission. New rows are written so; of the few
-- that are being audited now the submission is the first fact.
UPDATE job SET since = (SELECT at FROM job_fact f WHERE f.job_id = job.id AND f.seq = 1) WHERE phase = 'AUDITING';

CREATE INDEX job_lacking_auditors ON job (since, id) WHERE phase = 'AUDITING' AND wants > 0;
