package io.perigee.trainers.strict.train;

/**
 * Where in a job a row is computed; randomness depends on this and on nothing else.
 *
 * @param step steps done before this one
 * @param firstIndex the row's first position, counted over the rows of the step
 * @param length positions computed
 */
record Place(int step, long firstIndex, int length) {}
