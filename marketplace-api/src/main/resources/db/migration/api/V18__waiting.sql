-- Jobs that nobody was assigned to yet, of which a builder may have so many. Beside the jobs, whose rows change with every fact
-- and must not be indexed by what changes.
create table waiting (
  job     uuid primary key,
  builder text not null
);
create index waiting_builder on waiting (builder);
insert into waiting (job, builder) select id, builder from job where state in ('SUBMITTED', 'FUNDED', 'QUEUED');
