package io.perigee.scheduler.app;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import java.util.Optional;

/** Which chain and which contracts; the same in every service. This one signs for the escrow and never calls it; it reads blocks. */
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

    /**
     * A node that says which block is the newest and what a block's hash is; read only. Without one nothing can be
     * drawn, and every segment of an audited job is audited.
     */
    Optional<String> rpcUrl();

    /** W, as the escrow has it: "24h" or a number of seconds. */
    Duration window();

    /** The longest life of an order, as the escrow has it. */
    Duration maxOrder();
}
