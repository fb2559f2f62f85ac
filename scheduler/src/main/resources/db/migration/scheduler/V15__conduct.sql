-- Owners of whom something bad was noted are few, and matching asks for them with every look.
CREATE INDEX outcome_bad ON outcome (owner) WHERE kind <> 'VERIFIED';
