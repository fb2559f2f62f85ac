-- What each assignment has earned in all, by whatever way, as the events say it.
create table book_earned (
  order_hash      text not null,
  assignment_hash text not null,
  total           numeric(78, 0) not null,
  primary key (order_hash, assignment_hash)
);
