-- Reservations of jobs that are never decided end with their orders.
CREATE INDEX reservation_undecided ON reservation (deadline) WHERE state = 'OPEN';
