-- How many GPUs an attempt holds stands in its job's spec; whoever sums them for every offer must not read all of those.
alter table attempt add column gpus integer not null default 0;
update attempt set gpus = coalesce((select (j.spec::jsonb #>> '{resources,gpu,count}')::integer from job j where j.id = attempt.job), 0);
