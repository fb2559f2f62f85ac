package io.perigee.scheduler.app;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import java.util.Optional;

/** Which chain and which contracts; the same in every service. This one signs for the escrow and never calls it. */
@ConfigMapping(prefix = "perigee.chain")
public interface ChainConfig {
    long id();

    String escrow();

    /** Not used here; known because all services may be given the same settings. */
    Optional<String> registry();

    /** Not used here. */
    Optional<String> epochs();

    /** Not used here. */
    Optional<String> token();

    /** Not used here. */
    Optional<String> rpcUrl();

    /** W, as the escrow has it: "24h" or a number of seconds. */
    Duration window();

    /** The longest life of an order, as the escrow has it. */
    Duration maxOrder();
}
