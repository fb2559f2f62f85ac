-- What is forgotten by its age is found by it. Rows come in the order of their age: stretches of pages are enough.
create index idempotency_age on idempotency using brin (created_at);
create index delivery_age on delivery using brin (created_at);
