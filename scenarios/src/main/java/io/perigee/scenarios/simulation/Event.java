package io.perigee.scenarios.simulation;

import io.perigee.protocol.id.Digest;

/** What happens. Each names what it is about, so that a late or repeated one is recognised. */
sealed interface Event {
    record Submitted(int job) implements Event {}

    /** Nobody was free for a run, or for an audit of an attempt; looked at again. */
    record Retried(int job, int attempt) implements Event {}

    record Committed(int job, int attempt, Digest seal) implements Event {}

    /** The draw block is at the head of the chain, where a fork may still replace it. */
    record Seen(int job, int attempt, long block) implements Event {}

    /** The draw block is final. */
    record Drawn(int job, int attempt, long block) implements Event {}

    /** An auditor has sealed all its answers. */
    record Answered(int job, int attempt) implements Event {}

    record LeaseEnded(int job, int attempt) implements Event {}
}
