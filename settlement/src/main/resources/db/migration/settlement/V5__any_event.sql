-- Anybody's events are folded, of any token and any epoch: what they add up to must always fit.
alter table book_flow alter column paid_in type numeric, alter column paid_out type numeric;
alter table book_demand alter column line type bigint;
