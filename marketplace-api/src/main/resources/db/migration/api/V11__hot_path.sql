-- What is in use of an offer is summed over all attempts that go on: from this alone, and not from the attempts, which are large.
drop index attempt_open;
create index attempt_open on attempt (provider, owner, state, bond, gpus)
  where state in ('ASSIGNED', 'RUNNING', 'COMMITTED', 'REVEALED');

-- An assignment is told with the order and the spec of its job, which are most of the message: they are read from the job's row.
alter table delivery add column ordered boolean not null default false;

-- A job's row changes with every fact and none of what is indexed does: with room in its page a new version needs no index entry.
alter table job set (fillfactor = 50);

-- The primary key finds the same rows, and an index more is written with every event.
drop index event_timeline;
