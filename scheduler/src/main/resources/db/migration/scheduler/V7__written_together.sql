-- A fact is kept as the bytes that were sent: nobody asks the database what is in it.
ALTER TABLE job_fact ALTER COLUMN envelope TYPE text USING envelope::text;

-- Every row of these is written by whoever holds the lock of its job's row, which is never deleted. To ask that once more for
-- each row costs more than to write the row.
ALTER TABLE job_fact  DROP CONSTRAINT job_fact_job_id_fkey;
ALTER TABLE attempt   DROP CONSTRAINT attempt_job_id_fkey;
ALTER TABLE outcome   DROP CONSTRAINT outcome_job_id_fkey;
ALTER TABLE placement DROP CONSTRAINT placement_job_id_fkey;

-- Facts of usual jobs are kept as they are: to compress two kilobytes costs more than to write them.
ALTER TABLE job_fact SET (toast_tuple_target = 8160);
