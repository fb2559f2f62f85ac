package io.perigee.settlement.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of this service alone. An unknown key under the prefix stops the start. */
@ConfigMapping(prefix = "perigee.settlement")
public interface SettlementConfig {
    /**
     * The keystore file (Web3 Secret Storage) of the account that pays for gas. Any account will do. Either this or
     * {@link #signerUrl()}.
     */
    Optional<Path> keyFile();

    /** A file that holds the keystore's password; one line break at its end is not part of it. */
    Optional<Path> keyPasswordFile();

    /** A remote signer with Web3Signer's REST interface that has the key of {@link #signerAddress()}. */
    Optional<URI> signerUrl();

    /** The account that pays for gas, when a remote signer has its key. */
    Optional<String> signerAddress();

    /** The longest wait for one answer of the signer; 20 s at most. */
    @WithDefault("5s")
    Duration signerTimeout();

    /** Blocks on top of a block before anything in it counts. */
    @WithDefault("12")
    int confirmations();

    /** The first block that can hold an event of the contracts: the one they were deployed in. */
    @WithDefault("0")
    long startBlock();

    /** The port of health and metrics; 0 takes a free one. */
    @WithDefault("9003")
    int opsPort();

    /** How often the chain is asked for news. */
    @WithDefault("1s")
    Duration poll();

    /** The longest wait for one answer of the node. */
    @WithDefault("10s")
    Duration rpcTimeout();

    /** Blocks per eth_getLogs while catching up. */
    @WithDefault("2000")
    int logRange();

    /** Transactions signed and not yet mined, at most; with those that are mined and not yet confirmed 32 times as many. */
    @WithDefault("16")
    int maxInFlight();

    /** So many of them are kept for answers to demands: a late one costs the settler's bond. */
    @WithDefault("4")
    int answerSlots();

    /**
     * Nothing is signed that the contract takes no more so soon, by the chain's time: it might be mined too late, and cost
     * its gas for nothing. A twentieth of the window at most.
     */
    @WithDefault("3m")
    Duration giveUpMargin();

    /**
     * A transaction not mined after so long is replaced by one that pays more: the first of them when a block came without
     * it, and any other one when it does not pay what gas costs by now.
     */
    @WithDefault("30s")
    Duration bumpAfter();

    /** A transaction not mined is handed to the node again so often. */
    @WithDefault("10s")
    Duration rebroadcast();

    /** The first wait before a purpose that would revert is tried again; it doubles up to {@link #parkLongest()}. */
    @WithDefault("2s")
    Duration parkFirst();

    @WithDefault("5m")
    Duration parkLongest();

    /** The least priority fee, in wei for a unit of gas. */
    @WithDefault("1000000")
    BigInteger minTip();

    /** The most that is ever paid for a unit of gas, in wei. */
    @WithDefault("200000000000")
    BigInteger maxFee();

    /** Health complains when the account holds less, in wei. */
    @WithDefault("50000000000000000")
    BigInteger lowBalance();

    /** How long an order waits for an allotment that is on the chain but not yet confirmed. */
    @WithDefault("5m")
    Duration fundingWait();

    /** The most lines of an epoch; jobs beyond are paid one by one. A million of them take 300 MB of heap while they are sorted. */
    @WithDefault("100000")
    int epochLines();

    /** How often the books are compared with the contracts. */
    @WithDefault("30s")
    Duration ledgerCheck();
}
