-- Who contradicts is looked up here before its run is shown to the contract.
create index chain_event_revoked on chain_event ((body::jsonb ->> 'provider')) where kind = 'KeyRevoked';
