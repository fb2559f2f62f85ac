package io.perigee.cli.ethereum;

import io.perigee.contracts.Epochs;
import io.perigee.contracts.shape.EpochShapes;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.AbiWords;
import io.perigee.protocol.message.JobOrder;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.web3j.abi.datatypes.Event;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.protocol.core.methods.response.Log;

/** A hub's epochs on chain: what was posted, demanded and answered, and what anybody may say against it. Signs nothing. */
public final class EpochBook {
    private static final int WORD = 32;

    private final Contracts contracts;
    private final Logs logs;
    private @Nullable Address address;

    EpochBook(Contracts contracts, Logs logs) {
        this.contracts = contracts;
        this.logs = logs;
    }

    /** Where an epoch stands. */
    public enum State {
        NOTHING,
        PENDING,
        FINAL,
        SETTLED
    }

    /**
     * What a settler said of an epoch, as its event has it.
     *
     * @param lines how many the debits speak of; up to 2^32 - 1, whatever a file can hold
     * @param accountsHash of the accounts as they were posted
     * @param accounts empty when they speak of more than a program can hold
     */
    public record Post(
            EpochId id, Digest root, long lines, Digest accountsHash, Optional<Accounts> accounts, String transaction) {
        static Post of(EpochId id, Digest root, byte[] encoded, String transaction) {
            Optional<Accounts> accounts;
            try {
                accounts = Optional.of(Accounts.decode(encoded));
            } catch (InvalidValue _) {
                accounts = Optional.empty();
            }
            return new Post(id, root, lines(encoded), Keccak256.hash(encoded), accounts, transaction);
        }

        /** abi.encode(debits, credits): two offsets, the number of debits, then builder, lines and amount of each. */
        private static long lines(byte[] encoded) {
            var words = ByteBuffer.wrap(encoded);
            long debits = words.getLong(3 * WORD - Long.BYTES);
            long lines = 0;
            for (int i = 0; i < debits; i++) {
                lines += words.getLong((5 + 3 * i) * WORD - Long.BYTES);
            }
            return lines;
        }

        Epochs.Content content() {
            return new Epochs.Content(root.bytes(), BigInteger.valueOf(lines), accountsHash.bytes());
        }
    }

    /**
     * Something demanded of an epoch.
     *
     * @param what as the contract names it
     * @param index of the line, or -1 for an order
     */
    public record Demand(Digest what, long index, Address by, boolean answered) {}

    /**
     * A settler's account at the epochs; no settler: {@link Address#ZERO}.
     *
     * @param leavesAt from when the bond of a closed book may leave; the epoch's start while the book is open
     */
    public record Standing(Address settler, Amount bond, Instant leavesAt) {
        private static final long DEMANDS_A_STEP = 16;

        /**
         * What the next demand of an epoch costs: a ten-thousandth of the bond, each further 16 twice as much, at most a hundredth.
         *
         * @param before how many were demanded of it before, answered or not
         */
        public Amount demandBond(long before) {
            var most = share(100);
            var price = share(10_000);
            for (long step = before / DEMANDS_A_STEP; step > 0 && !price.covers(most); step--) {
                price = price.times(2);
            }
            return price.covers(most) ? most : price;
        }

        /** Rounded up. */
        private Amount share(long part) {
            var parts = BigInteger.valueOf(part);
            return new Amount(bond.value().add(parts).subtract(BigInteger.ONE).divide(parts));
        }

        /** Whether epochs may be posted in it. */
        public boolean open() {
            return !bond.isZero() && leavesAt.equals(Instant.EPOCH);
        }
    }

    /** The contract, when the user names none: what the escrow says. */
    public Address address() {
        var known = address;
        if (known == null) {
            known = Address.parse(contracts.node().read(contracts.escrow().epochs()));
            address = known;
        }
        return known;
    }

    public Standing standing(Address hub, Address token) {
        var book = contracts.node().read(epochs().book(hub.value(), token.value()));
        return new Standing(
                Address.parse(book.component1()), new Amount(book.component2()), Funds.instant(book.component3()));
    }

    public State state(EpochId id) {
        int found =
                contracts.node().read(epochs().stateOf(EpochShapes.epoch(id))).intValueExact();
        return switch (found) {
            case 0 -> State.NOTHING;
            case 1 -> State.PENDING;
            case 2 -> State.FINAL;
            case 3 -> State.SETTLED;
            default ->
                throw new ChainFault(
                        "Expected the state of epoch %s, but it is number %d".formatted(id, found),
                        "Use a program as new as the contracts");
        };
    }

    public boolean free(JobOrder order, Digest hash) {
        return contracts
                .node()
                .read(epochs().free(
                                order.hub().value(),
                                order.token().value(),
                                BigInteger.valueOf(order.deadline()),
                                hash.bytes()));
    }

    /** What this settler posted for a hub in blocks of these instants; those of other hubs cannot be told apart. */
    public List<Post> posts(Address hub, Address settler, Address token, Instant from, Instant until) {
        long first = logs.firstAt(from);
        long last = Math.min(logs.firstAt(until) - 1, logs.head());
        return find(Epochs.POSTED_EVENT, first, last, Logs.topic(settler), Logs.topic(token)).stream()
                .map(log -> {
                    var event = Epochs.getPostedEventFromLog(log);
                    return Post.of(
                            new EpochId(hub, token, event.number.intValueExact()),
                            Digest.of(event.root),
                            event.accounts,
                            log.getTransactionHash());
                })
                .toList();
    }

    /** All demands upon an epoch since an instant, answered ones included, in chain order: by its place each has its price. */
    public List<Demand> demands(EpochId id, Instant from) {
        long first = logs.firstAt(from);
        long head = logs.head();
        var hub = Logs.topic(id.hub());
        var token = Logs.topic(id.token());
        // what was answered may be demanded again, so each answer counts for one demand
        var answers = find(Epochs.ANSWERED_EVENT, first, head, hub, token).stream()
                .map(Epochs::getAnsweredEventFromLog)
                .filter(event -> event.number.intValueExact() == id.number())
                .map(event -> Digest.of(event.what))
                .collect(Collectors.toCollection(ArrayList::new));
        var demands = new TreeMap<Place, Demand>();
        for (var log : find(Epochs.LINEDEMANDED_EVENT, first, head, hub, token)) {
            var event = Epochs.getLineDemandedEventFromLog(log);
            if (event.number.intValueExact() == id.number()) {
                long index = event.index.longValueExact();
                demands.put(
                        Place.of(log),
                        new Demand(line(index), index, Address.parse(event.by), answers.remove(line(index))));
            }
        }
        for (var log : find(Epochs.ORDERDEMANDED_EVENT, first, head, hub, token)) {
            var event = Epochs.getOrderDemandedEventFromLog(log);
            if (event.number.intValueExact() == id.number()) {
                var what = order(Address.parse(event.builder), Digest.of(event.orderHash));
                demands.put(Place.of(log), new Demand(what, -1, Address.parse(event.by), answers.remove(what)));
            }
        }
        return List.copyOf(demands.values());
    }

    /** Where a log stands on the chain. */
    private record Place(BigInteger block, BigInteger index) implements Comparable<Place> {
        static Place of(Log log) {
            return new Place(log.getBlockNumber(), log.getLogIndex());
        }

        @Override
        public int compareTo(Place other) {
            return Comparator.comparing(Place::block)
                    .thenComparing(Place::index)
                    .compare(this, other);
        }
    }

    /** How the contract names the demand of a line. */
    public static Digest line(long index) {
        return Digest.of(new AbiWords().number(index).bytes());
    }

    private static Digest order(Address builder, Digest orderHash) {
        return Keccak256.hash(new AbiWords().address(builder).digest(orderHash).bytes());
    }

    // ---- what anybody may do

    public Call demandLine(Post post, long index) {
        return call(epochs().demandLine(EpochShapes.epoch(post.id()), post.content(), BigInteger.valueOf(index)));
    }

    public Call lapse(EpochId id, Digest what) {
        return call(epochs().lapse(EpochShapes.epoch(id), what.bytes()));
    }

    /** Pays out a final epoch, whose accounts can be held. */
    public Call settle(Post post, Accounts accounts) {
        return call(epochs().settle(EpochShapes.epoch(post.id()), post.content(), EpochShapes.accounts(accounts)));
    }

    /** Shows what a settled epoch paid of an order, or that it paid nothing. */
    public Call carry(EpochLedger ledger, JobOrder order, Digest orderHash) {
        return call(epochs().carry(
                        EpochShapes.epoch(ledger.id()),
                        EpochShapes.content(ledger.content()),
                        EpochShapes.stretch(ledger.stretchOf(order.builder(), orderHash)),
                        EpochShapes.order(order)));
    }

    /** Shows lines {@code from} to before {@code end}, which do not follow each other. */
    public Call accuseLines(EpochLedger ledger, int from, int end) {
        return call(epochs().accuseLines(
                        EpochShapes.epoch(ledger.id()),
                        EpochShapes.content(ledger.content()),
                        EpochShapes.stretch(ledger.stretch(from, end))));
    }

    /** Shows the line that a debit ends with, and which says something else. */
    public Call accuseDebit(EpochLedger ledger, int which) {
        int last = ledger.accounts().debits().stream()
                        .limit(which + 1L)
                        .mapToInt(debit -> debit.lines())
                        .sum()
                - 1;
        return call(epochs().accuseDebit(
                        EpochShapes.epoch(ledger.id()),
                        EpochShapes.content(ledger.content()),
                        EpochShapes.accounts(ledger.accounts()),
                        BigInteger.valueOf(which),
                        EpochShapes.line(ledger.lines().line(last)),
                        EpochShapes.bytes(ledger.proof(last))));
    }

    /** Shows lines of an owner, in ascending order; with those shown before they come to more than its credit. */
    public Call accuseCredit(EpochLedger ledger, Address owner, List<Integer> indices) {
        return call(epochs().accuseCredit(
                        EpochShapes.epoch(ledger.id()),
                        EpochShapes.content(ledger.content()),
                        EpochShapes.accounts(ledger.accounts()),
                        owner.value(),
                        EpochShapes.scattered(ledger.scattered(indices))));
    }

    // ---- what a settler and its hub may do

    /** Ends a settler's book: its own call, or its hub's. */
    public Call close(Address settler, Address token) {
        return call(epochs().close(settler.value(), token.value()));
    }

    /** Brings the bond of a closed book into its settler's free balance: anybody's call. */
    public Call withdrawBond(Address settler, Address token) {
        return call(epochs().withdrawBond(settler.value(), token.value()));
    }

    private List<Log> find(Event event, long from, long to, Optional<String> first, Optional<String> second) {
        return logs.find(address(), event, from, to, List.of(first, second));
    }

    private Call call(RemoteFunctionCall<?> function) {
        return Call.of(address(), function);
    }

    private Epochs epochs() {
        return contracts.epochs(address());
    }
}
