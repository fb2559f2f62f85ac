-- What runs said of their owners, orders of their builders, and jobs of the bits of numeric classes. Told by the scheduler.
create table outcome (
  job           uuid        not null,
  attempt       integer     not null,
  owner         text        not null,
  numeric_class text        not null,
  image_family  text        not null,
  kind          text        not null,
  at            timestamptz not null,
  primary key (job, attempt)
);
create index outcome_owner on outcome (owner, at desc);
create index outcome_family on outcome (image_family, at desc);

create table order_outcome (
  job     uuid primary key,
  builder text        not null,
  kind    text        not null,
  at      timestamptz not null
);
create index order_outcome_builder on order_outcome (builder, at desc);

create table class_pairs (
  job           uuid primary key,
  numeric_class text    not null,
  equal         integer not null,
  unexplained   integer not null
);
create index class_pairs_class on class_pairs (numeric_class) include (equal, unexplained);
