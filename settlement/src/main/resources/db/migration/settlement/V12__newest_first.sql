-- The newest changes are compared with the contracts every half a minute.
create index book_allotment_newest on book_allotment (token, block);
create index book_owner_newest on book_owner (block);

-- What waits for its allotment is looked at in every round, a page at a time.
create index reservation_waiting on reservation (wait_until, job_id) where state = 'WAITING';
