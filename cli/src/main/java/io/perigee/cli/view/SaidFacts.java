package io.perigee.cli.view;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.PlainText;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.fact.Body;
import io.perigee.protocol.fact.BodyTypes;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.rest.JobEvent;
import java.util.Optional;

/** Facts as a hub tells them. */
final class SaidFacts {
    private SaidFacts() {}

    /** The event without what a terminal would obey: providers' own words are in it. */
    static JobEvent plain(JobEvent event) {
        return new JobEvent(event.seq(), event.kind(), event.at(), PlainText.lines(event.data()));
    }

    /** Empty for a kind that this release does not know. */
    static Optional<JobFact> of(JobEvent event) {
        try {
            Body body = Json.read(event.data(), BodyTypes.classOf(event.kind()));
            return body instanceof JobFact fact ? Optional.of(fact) : Optional.empty();
        } catch (InvalidValue _) {
            return Optional.empty();
        }
    }
}
