-- When a job was looked at last: who makes no progress must not keep the others from being looked at.
alter table payout add column looked_at timestamptz;
update payout set looked_at = updated_at;
alter table payout alter column looked_at set not null;
create index payout_looked_at on payout (looked_at) where state in ('SENDING', 'MATURING', 'COLLECTING');

-- Jobs without a line in an epoch that was then never built.
update payout p set state = 'WAITING_EPOCH' where state = 'IN_EPOCH'
  and not exists (select 1 from payout_line l where l.job_id = p.job_id)
  and not exists (select 1 from epoch e where e.token = p.token and e.number = p.epoch);

-- What an assignment may be paid at the most; null for those of before.
alter table assignment add column price numeric(78, 0);

-- A job's end leaves what its assignments have not drawn reserved: the order can cost as much as draws_to in all, an epoch
-- paid by_epoch of it, and from kept_until on the contract takes nothing more for it.
alter table reservation drop constraint reservation_state_check;
alter table reservation add constraint reservation_state_check
  check (state in ('WAITING', 'OPEN', 'KEPT', 'REFUSED', 'RELEASED'));
alter table reservation add column draws_to numeric(78, 0), add column by_epoch numeric(78, 0) not null default 0,
  add column kept_until timestamptz;
drop index reservation_open;
create index reservation_open on reservation (builder, hub, token) where state in ('WAITING', 'OPEN', 'KEPT');
create index reservation_kept on reservation (kept_until) where state = 'KEPT';
