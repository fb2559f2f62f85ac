package io.perigee.market.lifecycle;

import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.rest.AttemptState;
import java.time.Instant;
import java.util.Optional;

/** Where an attempt stands, with the data that this state has. */
public sealed interface AttemptStatus {

    AttemptState state();

    /** What the attempt has done so far; empty until it is taken. */
    Optional<Work> done();

    /** The provider has to take it. */
    record Assigned(Instant acceptBy) implements AttemptStatus {
        @Override
        public AttemptState state() {
            return AttemptState.ASSIGNED;
        }

        @Override
        public Optional<Work> done() {
            return Optional.empty();
        }
    }

    /** Taken; seals border after border. */
    record Running(Work work) implements AttemptStatus {
        @Override
        public AttemptState state() {
            return AttemptState.RUNNING;
        }

        @Override
        public Optional<Work> done() {
            return Optional.of(work);
        }
    }

    /** The last border is sealed and receipted; the opening is due. */
    record Committed(Work work, Instant since) implements AttemptStatus {
        @Override
        public AttemptState state() {
            return AttemptState.COMMITTED;
        }

        @Override
        public Optional<Work> done() {
            return Optional.of(work);
        }
    }

    /** The last border is open. */
    record Revealed(Work work) implements AttemptStatus {
        @Override
        public AttemptState state() {
            return AttemptState.REVEALED;
        }

        @Override
        public Optional<Work> done() {
            return Optional.of(work);
        }
    }

    /**
     * Over.
     *
     * @param silence what was due of it then
     */
    record Ended(
            AttemptEnd end,
            Optional<FailureKind> kind,
            Optional<Integer> exitCode,
            String detail,
            Instant at,
            Silence silence,
            Optional<Work> done)
            implements AttemptStatus {
        @Override
        public AttemptState state() {
            return switch (end) {
                case VERIFIED -> AttemptState.VERIFIED;
                case REJECTED -> AttemptState.REJECTED;
                case LOST -> AttemptState.LOST;
                case YIELDED -> AttemptState.YIELDED;
                case FAILED -> AttemptState.FAILED;
                case DECLINED -> AttemptState.DECLINED;
                case CANCELLED -> AttemptState.CANCELLED;
            };
        }
    }
}
