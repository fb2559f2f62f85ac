-- What is signed first; the numbers are the ranks of Purpose.Urgency.
alter table intent add column urgency integer not null default 2;
update intent set urgency = case
  when purpose like 'epoch:%:answer:%' then 0
  when purpose like 'epoch:%' then 1
  when purpose like 'collect:%' then 3
  else 2 end;
drop index intent_due;
create index intent_due on intent (urgency, next_at) where state in ('PLANNED', 'PARKED');

-- The chain's head when an intent was over without a transaction of ours: what others did until then, the confirmed books
-- know once they are as far. Null until the writer has seen a head after it.
alter table intent add column ended_in bigint;
create index intent_ended on intent (purpose) where state in ('FULFILLED', 'ABANDONED') and ended_in is null;
