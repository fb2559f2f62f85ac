-- Who agrees is looked up here before its run is shown to the contract.
create index chain_event_condemned on chain_event ((body::jsonb ->> 'assignmentHash')) where kind = 'CreditReturned';
