-- What explanations look back at: the last day only.
create index event_ended on event (at desc) where kind = 'AttemptEnded';
create index attempt_created on attempt (created_at);
