-- When an artifact was last wanted: sent, announced again, named by a new job or handed out. What is here already begins anew.
alter table artifact add column used_at timestamptz not null default now();
create index artifact_unused on artifact (used_at);

-- Content that has no row any more and whose file is still to be deleted.
create table unused_content (id text primary key);
create index upload_content on upload (content) where not complete;
