package io.perigee.settlement.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.eventlog.TryLater;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.settlement.ethereum.ContractEvents;
import io.perigee.settlement.ethereum.ContractViews;
import io.perigee.settlement.ethereum.EscrowCalls;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.ReleaseCalls;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.ledger.PlainLedger.Shown;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Owner;
import io.perigee.settlement.testing.Story;
import io.perigee.settlement.testing.Tables;
import io.perigee.settlement.watch.ChainWatcher;
import io.perigee.settlement.watch.WatchLimits;
import io.perigee.testkit.TestClock;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.utils.Numeric;

/**
 * Random sequences of 50 operations on the real contracts, each foretold by a ledger of a few lines: what is refused, where
 * every unit is, and that none is lost. At the end the settlement's own books, folded from the events, say the same.
 *
 * <p>{@code -Dperigee.ledger.sequences=10000} runs more; {@code -Dperigee.ledger.seed=N} runs others. A long run is done in
 * parts, each on a chain of its own, since a chain gets slower with its length, and can be split into several, each with its
 * own seed: it says every hundred sequences how far it is.
 */
class ConservationIT {
    private static final int SEQUENCES = Integer.getInteger("perigee.ledger.sequences", 60);
    private static final int PART = 200;
    private static final int SHOWN_EVERY = 100;
    private static final int MOST_FAULTS = 5;
    private static final int BLOCKS = 5;
    private static final int OPERATIONS_A_BLOCK = 10;
    private static final int LIVE_ORDERS = 6;
    private static final BigInteger GAS = BigInteger.valueOf(2_500_000);

    private final List<KeyPair> builders = List.of(Market.key("builder a"), Market.key("builder b"));
    private final List<Placed> placed = new ArrayList<>();
    private Market market;
    private Rpc rpc;
    private EscrowCalls calls;
    private PlainLedger ledger;
    private Random random;
    private long now;

    /** An order that operations speak of. */
    private record Placed(Story story, KeyPair builder, long price) {
        String id() {
            return story.orderHash().value();
        }
    }

    /** A transaction, and whether the ledger says that it will succeed. */
    private record Operation(String what, KeyPair from, byte[] data, boolean allowed) {}

    private void start() {
        placed.clear();
        market = Market.inOrder();
        rpc = new Rpc(market.url(), Duration.ofSeconds(10));
        calls = new EscrowCalls(rpc, market.escrowAddress());
        ledger = new PlainLedger(
                Market.WINDOW.toSeconds(),
                Market.MAX_ORDER.plus(Market.WINDOW.multipliedBy(9)).toSeconds());
        market.anvil.call("anvil_autoImpersonateAccount", true);
        builders.forEach(builder -> market.fill(builder, 1L << 60));
        market.anvil.call("evm_setAutomine", false);
        now = market.time();
    }

    private void stop() {
        rpc.close();
        market.close();
    }

    @Test
    void shouldHoldWhatThePlainLedgerHoldsAfterEachSequence() {
        long seed = Long.getLong("perigee.ledger.seed", System.nanoTime());
        for (int done = 0; done < SEQUENCES; done += PART) {
            start();
            try {
                shouldHoldWhatThePlainLedgerHolds(seed + done, done, Math.min(SEQUENCES, done + PART));
            } finally {
                stop();
            }
        }
    }

    private void shouldHoldWhatThePlainLedgerHolds(long seed, int from, int to) {
        // given
        random = new Random(seed);
        var before = market.balance(market.escrowAddress()).value();
        var owned = market.owners.stream()
                .map(owner -> market.balance(owner.address()))
                .toList();
        int refused = 0;

        // when
        for (int sequence = from; sequence < to; sequence++) {
            for (int block = 0; block < BLOCKS; block++) {
                var operations = nextBlock();
                var outcomes = mine(operations);

                // then
                assertThat(outcomes)
                        .as("seed %d, sequence %d, block %d: %s", seed, sequence, block, operations)
                        .isEqualTo(operations.stream().map(Operation::allowed).toList());
                refused += (int) outcomes.stream().filter(success -> !success).count();
            }
            var where = "seed %d, sequence %d".formatted(seed, sequence);
            compareAccounts(where);
            assertThat(ledger.held() + ledger.allPaidOut()).as(where).isEqualTo(ledger.deposited());
            assertThat(market.balance(market.escrowAddress())
                            .value()
                            .subtract(before)
                            .longValueExact())
                    .as(where)
                    .isEqualTo(ledger.held());
            if ((sequence + 1) % SHOWN_EVERY == 0) {
                System.out.printf("%d of %d sequences equal, seed %d%n", sequence + 1, SEQUENCES, seed);
            }
        }
        for (int i = 0; i < owned.size(); i++) {
            var owner = market.owners.get(i).address();
            assertThat(market.balance(owner)).isEqualTo(owned.get(i).plus(Amount.of(ledger.paidOut(owner.value()))));
        }
        System.out.printf(
                "%d operations, %d refused, seed %d%n", (to - from) * BLOCKS * OPERATIONS_A_BLOCK, refused, seed);
        assertThat(refused).isPositive();
        assertThat(differencesOfOurBooks()).as("seed " + seed).isEmpty();
    }

    private List<Operation> nextBlock() {
        now += switch (random.nextInt(12)) {
            case 0 -> 7_300;
            case 1 -> 900;
            default -> 1 + random.nextInt(2);
        };
        ledger.time(now);
        if (placed.size() < 2 || random.nextInt(2) == 0) {
            place();
        }
        List<Operation> operations = new ArrayList<>();
        while (operations.size() < OPERATIONS_A_BLOCK) {
            operations.add(next());
        }
        return operations;
    }

    private void place() {
        var builder = builders.get(random.nextInt(builders.size()));
        long maximum = Story.PRICE + random.nextInt((int) (3 * Story.PRICE));
        var draft = Story.costing(market, maximum);
        var order = new JobOrder(
                builder.address(),
                market.hub.address(),
                draft.job,
                draft.order.specHash(),
                market.token(),
                Amount.of(maximum),
                Story.BORDERS,
                2,
                true,
                now - 10,
                now + 700 + random.nextInt(6_000));
        var story = draft.with(order);
        placed.add(new Placed(story, builder, Story.PRICE));
        ledger.order(
                story.orderHash().value(),
                new PlainLedger.Order(
                        builder.address().value(), maximum, Story.PRICE, Story.BORDERS, 2, order.deadline()));
        if (placed.size() > LIVE_ORDERS) {
            placed.removeFirst();
        }
    }

    private Operation next() {
        var builder = builders.get(random.nextInt(builders.size()));
        var who = builder.address().value();
        var token = market.deployment.token();
        var hub = market.hub.address().value();
        var escrow = market.escrow(builder);
        var mine = ledger.of(who);
        return switch (random.nextInt(12)) {
            case 0, 1 -> {
                long amount = 1 + random.nextInt(3_000_000);
                yield operation("deposit", builder, escrow.deposit(token, number(amount)), ledger.deposit(who, amount));
            }
            case 2 -> {
                long amount = some(mine.free);
                yield operation(
                        "withdraw", builder, escrow.withdraw(token, who, number(amount)), ledger.withdraw(who, amount));
            }
            case 3, 4 -> {
                long amount = some(mine.free);
                yield operation("allot", builder, escrow.allot(hub, token, number(amount)), ledger.allot(who, amount));
            }
            case 5 -> {
                long amount = some(mine.active / 2);
                yield operation(
                        "recall", builder, escrow.recall(hub, token, number(amount)), ledger.recall(who, amount));
            }
            case 6 -> operation("reclaim", builder, escrow.reclaim(hub, token), ledger.reclaim(who));
            case 7, 8 -> release(placed.get(random.nextInt(placed.size())));
            case 9, 10 -> direct(placed.get(random.nextInt(placed.size())));
            default -> collect(placed.get(random.nextInt(placed.size())));
        };
    }

    /** Mostly a part, now and then all, nothing, or too much. */
    private long some(long of) {
        return switch (random.nextInt(8)) {
            case 0 -> of;
            case 1 -> of + 1 + random.nextInt(1_000);
            case 2 -> 0;
            default -> of == 0 ? 1 : 1 + random.nextLong(of);
        };
    }

    private Operation release(Placed at) {
        int run = random.nextInt(market.owners.size());
        var owner = market.owners.get(run);
        long total = some(at.price());
        var assignment = at.story().assignment(run, owner);
        var assignmentHash = assignment.digest(market.domain);
        var call = ReleaseCalls.byTheBuilder(
                market.escrow(at.builder()),
                at.story().order,
                at.story().orderHash().bytes(),
                assignment,
                assignmentHash.bytes(),
                market.hub.sign(assignmentHash),
                owner.address(),
                total);
        return operation(
                "release",
                at.builder(),
                call,
                ledger.release(at.id(), run, owner.address().value(), total));
    }

    private Operation direct(Placed at) {
        int border = 1 + random.nextInt(Story.BORDERS);
        int first = random.nextInt(market.owners.size());
        int count = 1 + random.nextInt(3);
        List<RunEvidence> runs = new ArrayList<>();
        List<Shown> shown = new ArrayList<>();
        IntStream.range(first, first + count)
                .map(i -> i % market.owners.size())
                .sorted()
                .forEach(i -> {
                    var owner = market.owners.get(i);
                    var run = at.story().run(i, owner, "a", border);
                    runs.add(run);
                    shown.add(new Shown(
                            i, creditName(at, i, owner), owner.address().value()));
                });
        var call = calls.direct(
                at.story().order, at.builder().sign(at.story().orderHash()), new Payable(border, runs, List.of()));
        return new Operation(
                "direct " + border, builders.getFirst(), call.data(), ledger.direct(at.id(), border, shown));
    }

    private Operation collect(Placed at) {
        var names = IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> creditName(at, i, market.owners.get(i)))
                .toList();
        var call = calls.collect(names.stream().map(Digest::parse).toList());
        return new Operation("collect", builders.getLast(), call.data(), ledger.collect(names));
    }

    private String creditName(Placed at, int run, Owner owner) {
        return at.story().assignment(run, owner).digest(market.domain).value();
    }

    private static Operation operation(String what, KeyPair from, RemoteFunctionCall<?> call, boolean allowed) {
        return new Operation(what, from, Numeric.hexStringToByteArray(call.encodeFunctionCall()), allowed);
    }

    /** All in one block, in this order, at the ledger's time. */
    private List<Boolean> mine(List<Operation> operations) {
        for (var operation : operations) {
            market.anvil.call(
                    "eth_sendTransaction",
                    Map.of(
                            "from", operation.from().address().value(),
                            "to", market.deployment.escrow(),
                            "gas", Numeric.encodeQuantity(GAS),
                            "data", Numeric.toHexString(operation.data())));
        }
        market.anvil.call("evm_setNextBlockTimestamp", now);
        market.mine(1);
        List<Boolean> outcomes = new ArrayList<>();
        for (JsonNode receipt : market.anvil.call("eth_getBlockReceipts", "latest")) {
            outcomes.add(receipt.path("status").asText().equals("0x1"));
        }
        return outcomes;
    }

    private void compareAccounts(String where) {
        var views = new ContractViews(rpc, new EthereumNode(rpc), market.escrowAddress(), market.registryAddress());
        long block = market.height();
        for (var builder : builders) {
            var mine = ledger.of(builder.address().value());
            assertThat(views.balance(builder.address(), market.token(), block))
                    .as(where)
                    .isEqualTo(Amount.of(mine.free));
            assertThat(views.allotment(builder.address(), market.hub.address(), market.token(), block))
                    .as(where)
                    .isEqualTo(Amount.of(mine.active));
        }
        for (var owner : market.owners) {
            assertThat(views.balance(owner.address(), market.token(), block))
                    .as(where)
                    .isEqualTo(Amount.of(ledger.of(owner.address().value()).free));
        }
        for (var at : placed) {
            assertThat(views.spent(at.story().orderHash(), block))
                    .as(where)
                    .isEqualTo(Amount.of(ledger.orderOf(at.id()).spent));
            for (int run = 0; run < market.owners.size(); run++) {
                var name = creditName(at, run, market.owners.get(run));
                var credit = ledger.credits().get(name);
                assertThat(views.credit(Digest.parse(name), block))
                        .as(where)
                        .isEqualTo(Amount.of(credit == null ? 0 : credit.all()));
            }
        }
    }

    /** The service's books, folded from all events of the chain, against the contracts. */
    private List<Ledger.Difference> differencesOfOurBooks() {
        try (var database = Tables.fresh()) {
            var clock = TestClock.atNoon();
            var node = new EthereumNode(rpc);
            var contracts = List.of(market.escrowAddress(), market.registryAddress(), market.epochsAddress());
            var watcher = new ChainWatcher(
                    database,
                    node,
                    new ContractEvents(market.escrowAddress(), market.registryAddress(), market.epochsAddress()),
                    contracts,
                    new BookEffects(market.hub.address(), market.epochsAddress(), new FactLog(clock)),
                    new WatchLimits(0, 0, 500, 64),
                    clock);
            readAll(watcher);
            var views = new ContractViews(rpc, node, market.escrowAddress(), market.registryAddress());
            return new Ledger(database, views, market.token(), 0).check().differences();
        }
    }

    /** As the service's loop does: a database that is away for a moment is asked again. */
    private static void readAll(ChainWatcher watcher) {
        int faults = 0;
        boolean more = true;
        while (more) {
            try {
                more = watcher.step();
                faults = 0;
            } catch (TryLater e) {
                if (++faults == MOST_FAULTS) {
                    throw e;
                }
            }
        }
    }

    private static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }
}
