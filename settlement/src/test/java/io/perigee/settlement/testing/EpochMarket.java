package io.perigee.settlement.testing;

import io.perigee.contracts.shape.EpochShapes;
import io.perigee.market.payout.EpochLines;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.epoch.Content;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.fact.EpochChanged;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.app.Settlement;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.ethereum.EpochCalls;
import io.perigee.settlement.ethereum.ReleaseCalls;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.testkit.process.Await;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A market whose hub has a settler with a bond, and whose chain is moved from window to window. */
public final class EpochMarket implements AutoCloseable {
    public static final long BOND = 20_000_000;
    /** Longer than any step of a test takes, so that no window ends meanwhile. */
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private static final Duration MAX_ORDER = Duration.ofDays(30);
    /** A run, its upload, W, and some time to spare. */
    private static final long LEAST_ORDER = 700 + 600 + 100;

    public final Market market;

    private EpochMarket(Market market, long bond) {
        this.market = market;
        market.openBook(bond);
    }

    public static EpochMarket live() {
        return live(BOND);
    }

    public static EpochMarket live(long bond) {
        return new EpochMarket(Market.live(WINDOW, MAX_ORDER), bond);
    }

    /** Another builder with money at the hub. */
    public KeyPair builder(String name) {
        var builder = Market.key(name);
        market.deposit(builder);
        market.allot(builder, Market.ALLOTTED);
        return builder;
    }

    /**
     * A builder gives all that it has at the hub to a friend, under an order of which the hub's service knows nothing, and
     * which ends two windows after this epoch's.
     */
    public void drain(KeyPair builder, Owner friend, EpochId id) {
        var story = Story.costing(market, Market.ALLOTTED).byEpoch(builder, (id.number() + 2) * WINDOW.toSeconds() + 7);
        var assignment = story.assignment(0, friend, Market.ALLOTTED);
        var assignmentHash = assignment.digest(market.domain);
        Market.ask(() -> ReleaseCalls.byTheBuilder(
                        market.escrow(builder),
                        story.order,
                        story.orderHash().bytes(),
                        assignment,
                        assignmentHash.bytes(),
                        market.hub.sign(assignmentHash),
                        friend.address(),
                        Market.ALLOTTED)
                .send());
    }

    /** The first one whose window an order of now can end in. */
    public EpochId nextEpoch() {
        int number = EpochId.numberOf(market.time() + LEAST_ORDER, WINDOW) + 1;
        return new EpochId(market.hub.address(), market.token(), number);
    }

    /** A job under an order of this epoch. */
    public Story story(KeyPair builder, EpochId id) {
        return Story.aJob(market).byEpoch(builder, id.number() * WINDOW.toSeconds() + 7);
    }

    /** Two owners who agree. */
    public Payable agreedBy(Story story, int first, int second) {
        return new Payable(
                Story.BORDERS,
                List.of(story.run(0, market.owners.get(first), "a"), story.run(1, market.owners.get(second), "a")),
                List.of());
    }

    /** What an epoch of these jobs, each accepted by the first two owners, commits to. */
    public Content contentOf(List<Story> stories) {
        return ledgerOf(stories).content();
    }

    /** The whole of that epoch. */
    public EpochLedger ledgerOf(List<Story> stories) {
        var lines = new LineCollector();
        stories.forEach(story -> EpochLines.add(story.order, story.agreed(), market.domain, lines));
        return EpochLedger.of(epochOf(stories.getFirst()), lines.lines());
    }

    /** What an epoch of this job alone commits to. */
    public Content contentOf(Story story, Payable payable) {
        var lines = new LineCollector();
        EpochLines.add(story.order, payable, market.domain, lines);
        return EpochLedger.of(epochOf(story), lines.lines()).content();
    }

    private EpochId epochOf(Story story) {
        return new EpochId(market.hub.address(), market.token(), EpochId.numberOf(story.order.deadline(), WINDOW));
    }

    /** Anybody shows the contract what the settled epoch of these jobs, each accepted by the first two owners, paid for one. */
    public void carry(Story story, List<Story> all) {
        market.call(watchdog(), calls(c -> c.carry(ledgerOf(all), story.order, story.orderHash())));
    }

    /** Waits until the settler's next transaction is in a block, confirmed or not. */
    public void awaitPost(long nonces) {
        Await.until(
                JobLog.PATIENCE, () -> market.minedCount(market.payer) > nonces, () -> "Expected the post to be mined");
    }

    /** Waits until so many demands of an epoch were answered on the chain. */
    public void awaitAnswers(EpochId id, long answers) {
        Await.until(JobLog.PATIENCE, () -> market.answered(id) == answers, () -> "Expected %d answers, but there are %d"
                .formatted(answers, market.answered(id)));
    }

    /** The hub's settler posts a bond again, once the ruined book may be opened. */
    public void openBookAgain() {
        market.forwardTo(market.time() + WINDOW.multipliedBy(4).toSeconds() + 2);
        Market.ask(() -> market.epochs(market.payer)
                .open(market.hub.address().value(), market.deployment.token(), BigInteger.valueOf(BOND))
                .send());
    }

    /** Anybody demands a line of it, with money of its own. */
    public void demandLine(EpochChanged epoch, Content content, int line) {
        market.call(watchdog(), calls(c -> c.demandLine(idOf(epoch), content, line)));
    }

    /** The same of an order, which need not be there. */
    public void demandOrder(EpochChanged epoch, Address builder, Digest orderHash) {
        market.call(watchdog(), calls(c -> c.demandOrder(idOf(epoch), builder, orderHash)));
    }

    /** Ends a demand that was not answered in time. */
    public void lapse(EpochId id, int line) {
        var key = new byte[Digest.BYTES];
        key[Digest.BYTES - 1] = (byte) line;
        Market.ask(() ->
                market.epochs(watchdog()).lapse(EpochShapes.epoch(id), key).send());
    }

    private KeyPair watchdog() {
        var watchdog = Market.key("watchdog");
        if (market.free(watchdog.address()).isZero()) {
            market.deposit(watchdog);
        }
        return watchdog;
    }

    private Call calls(Function<EpochCalls, Call> maker) {
        try (var rpc = new Rpc(market.url(), Duration.ofSeconds(5))) {
            return maker.apply(new EpochCalls(rpc, market.epochsAddress()));
        }
    }

    private static EpochId idOf(EpochChanged epoch) {
        return new EpochId(epoch.hub(), epoch.token(), epoch.number());
    }

    public void forwardToPosting(EpochId id) {
        market.forwardTo(id.postedFrom(WINDOW) + 1);
    }

    public void forwardPastPosting(EpochId id) {
        market.forwardTo(id.postedUntil(WINDOW) + 1);
    }

    public void forwardToFinal(EpochId id) {
        market.forwardTo(id.demandedUntil(WINDOW) + 1);
    }

    public void forwardToDecided(EpochId id) {
        market.forwardTo(id.decidedAt(WINDOW) + 1);
    }

    /** To when the contract takes the evidence of what the epoch did not pay. */
    public void forwardToDirect(Story story) {
        market.forwardTo(story.order.deadline() + WINDOW.multipliedBy(4).toSeconds() + 1);
    }

    public void forwardToMaturity() {
        market.forwardTo(market.time() + WINDOW.toSeconds() + 2);
    }

    /** Waits until a comparison of a block from now on has found our books equal to the contracts'. */
    public void awaitBalancedBooks(Settlement settlement) {
        long height = market.height();
        Await.until(
                JobLog.PATIENCE,
                () -> settlement
                        .vitals()
                        .ledger()
                        .filter(report -> report.block() >= height && report.balanced())
                        .isPresent(),
                () -> "Expected balanced books of block %d or later, but got %s"
                        .formatted(height, settlement.vitals().ledger()));
    }

    @Override
    public void close() {
        market.close();
    }
}
