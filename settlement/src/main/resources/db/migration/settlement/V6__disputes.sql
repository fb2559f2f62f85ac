-- How many courts look at an assignment. Its credit, which may come later, waits for them.
create table book_dispute (assignment_hash text primary key, open integer not null);
