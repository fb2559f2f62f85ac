-- Who differed where nobody explained it: an owner is held against its numeric class once. Null in rows of before.
ALTER TABLE class_pairs ADD COLUMN differing text[];
CREATE INDEX class_pairs_differing ON class_pairs (numeric_class) WHERE differing IS NOT NULL;
