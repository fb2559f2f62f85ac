-- What a provider is to do is looked for apart from how its attempts ended, of which there may be very many.
drop index delivery_open;
create index delivery_work on delivery (provider, id) where open and kind not in ('stop', 'verdict');
create index delivery_end on delivery (provider, id) where open and kind in ('stop', 'verdict');
