package io.perigee.market.lifecycle;

import io.perigee.market.MarketPolicy;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.message.Domain;
import java.time.Instant;

/**
 * What a decision may know besides the job and the input.
 *
 * @param now the instant of the decision
 * @param domain where signatures are good
 * @param hub this hub's address
 * @param head the number of the newest block this hub knows; 0 when it knows none
 */
public record Context(
        Instant now, MarketPolicy policy, Domain domain, Address hub, HubSigner signer, HubSecrets secrets, long head) {
    /** Blocks between the head and the one that draws: nobody knows its hash when the receipt names it. */
    private static final int AHEAD = 2;

    /** The block that a receipt of this moment names for the draw; 0 when the hub knows no block. */
    long drawBlock() {
        return head == 0 ? 0 : head + AHEAD;
    }
}
