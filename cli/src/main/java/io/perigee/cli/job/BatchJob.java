package io.perigee.cli.job;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.rest.Quote;

/** A job of a batch, before it is sent. */
sealed interface BatchJob {
    /** Its file, or its file and line. */
    String name();

    /** The most that its order may cost. */
    Amount most();

    /** @param asked by {@link Asked#digest} */
    record Quoted(String name, ContentId asked, Quote quote) implements BatchJob {
        @Override
        public Amount most() {
            return quote.order().maxPayment();
        }
    }

    /** An earlier run signed and sent it, and got no answer. */
    record SentBefore(String name, KeyedSubmission submission) implements BatchJob {
        @Override
        public Amount most() {
            return submission.request().order().maxPayment();
        }
    }

    /** The hub gave no quote. */
    record Refused(String name, Problem why) implements BatchJob {
        @Override
        public Amount most() {
            return Amount.ZERO;
        }
    }
}
