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
 */
public record Context(Instant now, MarketPolicy policy, Domain domain, Address hub, HubSigner signer) {}
