-- Owners of whom something bad was noted are few, and every quote asks for them.
create index outcome_bad on outcome (owner) where kind <> 'VERIFIED';
