package io.perigee.scheduler.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of this service alone. An unknown key under the prefix stops the start. */
@ConfigMapping(prefix = "perigee.scheduler")
public interface SchedulerConfig {
    /**
     * The keystore file (Web3 Secret Storage) of the hub's key: it signs assignments and receipts, and never pays. Either
     * this or {@link #signerUrl()}.
     */
    Optional<Path> hubKeyFile();

    /** A file that holds the keystore's password; one line break at its end is not part of it. */
    Optional<Path> hubKeyPasswordFile();

    /** A remote signer with Web3Signer's REST interface that has the hub's key. */
    Optional<URI> signerUrl();

    /** The longest wait for one answer of the signer; 20 s at most. */
    @WithDefault("5s")
    Duration signerTimeout();

    /**
     * A file of 32 random bytes in hexadecimal, which the hub's secrets for draws are derived from. Without it they are
     * derived from the hub's key; a remote signer does not give that away, so beside one it must be there.
     */
    Optional<Path> drawSecretFile();

    /** The port of health and metrics; 0 takes a free one. */
    @WithDefault("9002")
    int opsPort();

    /** How long a provider has to take an assignment. */
    @WithDefault("30s")
    Duration acceptTimeout();

    /** How long providers have to open a part when a job ends early. */
    @WithDefault("60s")
    Duration closingTimeout();

    /** How many distinct owners must have seen a job crash or run out of memory until it fails for it. */
    @WithDefault("3")
    int crashLimit();

    /** How often one owner is tried for one job when it declines, yields or falls silent. */
    @WithDefault("2")
    int attemptsPerOwner();

    /** How many assignments one job may use up in all. */
    @WithDefault("32")
    int maxAttempts();

    /** A provider's bond, in percent of the attempt's price. */
    @WithDefault("100")
    int bondPercent();

    /**
     * How long the block that draws the audited segments may stay unknown at least. It is waited for as long as an audit
     * still fits before the order's deadline; then every segment is audited.
     */
    @WithDefault("10m")
    Duration drawTimeout();

    /** How often an audited job goes to another provider after one was found wrong. */
    @WithDefault("3")
    int reopenings();

    /** How many blocks must stand on the block that draws the audited segments. */
    @WithDefault("2")
    int drawConfirmations();

    /** How often the node is asked for its newest block. */
    @WithDefault("1s")
    Duration drawPoll();

    /**
     * How long the newest block that the node named is the newest. A receipt names a block two ahead of it, and a block that
     * is there already must draw nothing: so it is shorter than two blocks take. While no newer one is known receipts name one
     * that the chain cannot have reached, and after ten minutes none: then every segment of what they are for is audited.
     */
    @WithDefault("10s")
    Duration drawHeadAge();

    /** The longest pause between two looks for deadlines and waiting jobs that nothing announced. */
    @WithDefault("5s")
    Duration sweep();
}
