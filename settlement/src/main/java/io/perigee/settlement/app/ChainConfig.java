package io.perigee.settlement.app;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.time.Duration;

/** Which chain and which contracts; the same in every service. */
@ConfigMapping(prefix = "perigee.chain")
public interface ChainConfig {
    long id();

    String escrow();

    String registry();

    String epochs();

    String token();

    URI rpcUrl();

    /** W, as the escrow has it: "24h" or a number of seconds. */
    Duration window();

    /** The longest life of an order, as the escrow has it. */
    Duration maxOrder();
}
