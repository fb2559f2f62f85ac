-- Every record of the log writes a row here and there, so an index that is asked every ten minutes must cost next to nothing.
-- Rows come in the order of their age: it is enough to know the ages of a stretch of pages.
DROP INDEX inbox_age;
CREATE INDEX inbox_age ON inbox USING brin (at);
DROP INDEX outbox_sent;

-- Records of usual jobs are kept as they are: to compress two kilobytes costs more than to write them.
ALTER TABLE outbox SET (toast_tuple_target = 8160);
