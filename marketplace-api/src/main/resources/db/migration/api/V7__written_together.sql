-- Rows come many at a time: one call says of all of them whose bell is to ring.
drop trigger event_rings on event;
drop trigger delivery_rings on delivery;

create or replace function event_rings() returns trigger language plpgsql as $$
begin
  perform pg_notify('perigee_api_job', job::text) from (select distinct job from fresh) as rung;
  return null;
end $$;
create trigger event_rings after insert on event referencing new table as fresh
  for each statement execute function event_rings();

create or replace function delivery_rings() returns trigger language plpgsql as $$
begin
  perform pg_notify('perigee_api_agent', provider) from (select distinct provider from fresh) as rung;
  return null;
end $$;
create trigger delivery_rings after insert on delivery referencing new table as fresh
  for each statement execute function delivery_rings();

-- Every attempt is written by whoever holds the lock of its job's row, which is never deleted. To ask that once more for each
-- row costs more than to write the row.
alter table attempt drop constraint attempt_job_fkey;
alter table event   drop constraint event_job_fkey;

-- The job that a key was used for; what was answered is in its row, where it came in a batch.
alter table idempotency add column job uuid;

-- Rows of usual jobs are kept as they are: to compress two kilobytes costs more than to write them.
alter table job      set (toast_tuple_target = 8160);
alter table attempt  set (toast_tuple_target = 8160);
alter table event    set (toast_tuple_target = 8160);
alter table delivery set (toast_tuple_target = 8160);

-- Whoever keeps the present offers in memory reads them anew. Signs of life change neither.
create function offers_ring() returns trigger language plpgsql as $$
begin
  perform pg_notify('perigee_api_offers', '');
  return null;
end $$;
create trigger agent_offers_ring after insert or update of offer, online, session_key on agent
  for each statement execute function offers_ring();
create trigger stake_offers_ring after insert or update on stake
  for each statement execute function offers_ring();
