-- An epoch that is settled was paid whole: the contract voids one that cannot be.
alter table book_epoch drop column paid;
