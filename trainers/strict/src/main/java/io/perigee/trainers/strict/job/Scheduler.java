package io.perigee.trainers.strict.job;

/** The shapes of the learning rate after warm-up. */
public enum Scheduler {
    CONSTANT,
    LINEAR,
    COSINE
}
