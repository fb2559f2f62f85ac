package io.perigee.market.lifecycle;

import io.perigee.protocol.command.Command;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import java.util.List;
import java.util.UUID;

/** What can happen to a job. */
public sealed interface JobInput {

    /**
     * Somebody asks for something.
     *
     * @param id the command's envelope
     * @param source the provider or builder, as the gateway proved
     */
    record Asked(UUID id, String source, Command command) implements JobInput {}

    /** Another stage decided something: intake or settlement. */
    record Observed(JobFact fact) implements JobInput {}

    /** A provider is out of reach. */
    record ProviderGone(ProviderId provider, String reason) implements JobInput {}

    /**
     * An owner revoked a serial of its provider's session keys, as a confirmed block says.
     *
     * @param revokedAt epoch seconds; an assignment issued then or later can neither be paid nor burned
     */
    record KeyRevoked(ProviderId provider, int serial, long revokedAt) implements JobInput {}

    /**
     * A block that draws is confirmed.
     *
     * @param verifiedJobs how many jobs of the provider's owner were verified in this field since it last cheated
     */
    record DrawBlockKnown(long number, Digest hash, int verifiedJobs) implements JobInput {}

    /** Time went on; whatever is due happens. */
    record TimePassed() implements JobInput {}

    /** Matching found all that the job wants. */
    record Placements(List<Placement> placements) implements JobInput {
        public Placements {
            placements = List.copyOf(placements);
        }
    }

    /** Matching found nobody, or too few. */
    record NoPlacement(List<NoMatchReason> reasons) implements JobInput {
        public NoPlacement {
            reasons = List.copyOf(reasons);
        }
    }
}
