package io.perigee.cli.settlement;

import io.perigee.cli.ethereum.Call;
import io.perigee.protocol.epoch.EpochId;
import java.util.List;

/** What a watchdog found of an epoch, and what it does about it. */
sealed interface Move {
    EpochId epoch();

    /** In one sentence. */
    String why();

    /** Nothing is sent. */
    record Tell(EpochId epoch, Sign sign, String why) implements Move {}

    /** A proof that the file itself holds; the calls belong together, in this order. */
    record Accuse(EpochId epoch, String why, List<Call> calls) implements Move {
        public Accuse {
            calls = List.copyOf(calls);
        }
    }

    /** Asks for a line and its evidence, by a bond. */
    record Demand(EpochId epoch, String why, Call call) implements Move {}

    /** Ends a demand that was not answered; its bond comes back. */
    record Lapse(EpochId epoch, String why, Call call) implements Move {}

    /** It could not be looked at; the next look tries again. */
    record Failed(EpochId epoch, RuntimeException fault) implements Move {
        @Override
        public String why() {
            return String.valueOf(fault.getMessage());
        }
    }

    /** How something that is only told reads. */
    enum Sign {
        GOOD,
        WAITING,
        BAD
    }
}
