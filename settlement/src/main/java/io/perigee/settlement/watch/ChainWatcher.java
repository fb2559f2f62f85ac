package io.perigee.settlement.watch;

import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.ChainLog;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.ChainUnavailable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the chain from its own cursor. Blocks near the head are kept by number, hash and parent; where the node's chain
 * differs from them it goes back to the last common block. Events count once enough blocks stand on theirs: then they
 * are read by the kept hashes, and applied in the transaction that moves the cursor. Only far below the head, where every
 * node behind an endpoint has the blocks, are they read by range: a node that lacks some answers that nothing happened there.
 *
 * <p>One thread calls {@link #step}; a second watcher by mistake finds the cursor moved and does nothing.
 */
public final class ChainWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(ChainWatcher.class);
    private static final int MOST_BLOCKS = 256;
    private static final int PAGE = 1_000;

    private final Database database;
    private final ChainReader reader;
    private final EventDecoder decoder;
    private final List<Address> contracts;
    private final Effects effects;
    private final WatchLimits limits;
    private final InstantSource clock;
    /** Nodes limit what one question may cost, each in its own way: halved when one fails, doubled when one succeeds. */
    private int range;

    private volatile WatchStatus status = WatchStatus.initial();

    public ChainWatcher(
            Database database,
            ChainReader reader,
            EventDecoder decoder,
            List<Address> contracts,
            Effects effects,
            WatchLimits limits,
            InstantSource clock) {
        this.database = database;
        this.reader = reader;
        this.decoder = decoder;
        this.contracts = List.copyOf(contracts);
        this.effects = effects;
        this.limits = limits;
        this.range = limits.range();
        this.clock = clock;
    }

    public WatchStatus status() {
        return status;
    }

    /**
     * Goes on as far as one round of questions allows.
     *
     * @return true when there is more to read at once
     * @throws ChainUnavailable when the node does not answer, or not with one consistent chain
     */
    public boolean step() {
        var head = reader.head();
        long confirmed = confirmed();
        var kept = database.inTransaction(ChainBook::blocks);
        var common = common(kept, head, confirmed);
        if (common.isEmpty() && !kept.isEmpty()) {
            return false;
        }
        if (head.number() - limits.confirmations() - confirmed() > Math.max(limits.history(), limits.confirmations())) {
            return leap(head, confirmed());
        }
        var grown = grow(common, head, confirmed);
        boolean more = confirm(grown, confirmed);
        status = status.at(head.number(), confirmed(), clock.instant());
        return more || grown.getLast().number() < head.number();
    }

    private long confirmed() {
        return database.inTransaction(tx -> ChainBook.confirmed(tx, limits.startBlock()));
    }

    /** Far below the head no block is replaced any more: only ranges are read, and the last block of each is kept. */
    private boolean leap(Block head, long confirmed) {
        long to = Math.min(confirmed + range, head.number() - Math.max(limits.history(), limits.confirmations()));
        var last = reader.block(to)
                .orElseThrow(() -> new ChainUnavailable("Expected to read block " + to + ", but it is gone"));
        var seen = decoded(logs(confirmed + 1, to));
        database.transact(tx -> {
            if (ChainBook.lockConfirmed(tx, limits.startBlock()) == confirmed) {
                ChainBook.dropAbove(tx, -1);
                ChainBook.append(tx, last);
                count(tx, seen, to);
            }
        });
        status = status.at(head.number(), to, clock.instant());
        return true;
    }

    /** The newest kept block that the node has too; empty when the node lags behind or nothing can be told. */
    private Optional<Block> common(List<Block> kept, Block head, long confirmed) {
        for (var block : kept) {
            if (block.number() > head.number()) {
                continue;
            }
            var theirs = block.number() == head.number() ? Optional.of(head) : reader.block(block.number());
            if (theirs.filter(block::equals).isPresent()) {
                return block.number() < confirmed && head.number() <= confirmed
                        ? Optional.empty()
                        : rollBack(kept.getFirst(), block, confirmed);
            }
        }
        if (!kept.isEmpty() && head.number() >= kept.getLast().number()) {
            standStill(kept.getLast());
        }
        return Optional.empty();
    }

    private void standStill(Block oldest) {
        if (status.trouble().isEmpty()) {
            LOG.atError().addKeyValue("block", oldest.number()).log("the node has another chain; watcher stands still");
        }
        status = status.stuck(
                "Expected to know block %d as %s, but the node has another chain: a new chain needs a new database"
                        .formatted(oldest.number(), oldest.hash()));
    }

    private Optional<Block> rollBack(Block tip, Block common, long confirmed) {
        if (tip.equals(common)) {
            return Optional.of(common);
        }
        boolean deep = common.number() < confirmed;
        database.transact(tx -> {
            if (ChainBook.lockConfirmed(tx, limits.startBlock()) != confirmed) {
                return;
            }
            ChainBook.dropAbove(tx, common.number());
            if (deep) {
                forget(tx, common.number());
            }
            CrashPoints.hit("settlement.mid-rollback");
        });
        status = status.rolledBack(deep);
        LOG.atWarn()
                .addKeyValue("from", tip.number())
                .addKeyValue("to", common.number())
                .addKeyValue("confirmed", confirmed)
                .log(
                        deep
                                ? "confirmed blocks were replaced; more confirmations are needed on this chain"
                                : "blocks were replaced");
        return Optional.of(common);
    }

    /** Should never happen: what counted no longer does. The books are folded again from what is left. */
    private void forget(Tx tx, long number) {
        ChainBook.forgetAbove(tx, number);
        effects.clear(tx);
        long block = -1;
        int index = -1;
        List<Seen> page;
        do {
            page = ChainBook.page(tx, block, index, PAGE);
            effects.replay(tx, page);
            if (!page.isEmpty()) {
                block = page.getLast().block();
                index = page.getLast().index();
            }
        } while (page.size() == PAGE);
        ChainBook.moveTo(tx, number);
    }

    /** Adds the node's blocks on top of the common one; stops early when the chain changes meanwhile. */
    private List<Block> grow(Optional<Block> common, Block head, long confirmed) {
        var chain = new ArrayList<Block>();
        common.ifPresent(chain::add);
        long next = common.map(block -> block.number() + 1).orElse(confirmed + 1);
        var fresh = new ArrayList<Block>();
        while (next <= head.number() && fresh.size() < MOST_BLOCKS) {
            var block = next == head.number() ? Optional.of(head) : reader.block(next);
            if (block.isEmpty()
                    || (!chain.isEmpty()
                            && !block.get().parent().equals(chain.getLast().hash()))) {
                break;
            }
            chain.add(block.get());
            fresh.add(block.get());
            next++;
        }
        if (chain.isEmpty()) {
            throw new ChainUnavailable("Expected to read block " + next + ", but the node does not have it yet");
        }
        if (!fresh.isEmpty()) {
            database.transact(tx -> {
                ChainBook.lockConfirmed(tx, limits.startBlock());
                if (ChainBook.tip(tx).equals(common)) {
                    fresh.forEach(block -> ChainBook.append(tx, block));
                }
            });
        }
        return chain;
    }

    /** Applies what is deep enough under the last block of a chain that was just compared with the node's. */
    private boolean confirm(List<Block> chain, long oldConfirmed) {
        long confirmed = confirmed();
        if (confirmed > oldConfirmed) {
            return true;
        }
        long deepest = chain.getLast().number() - limits.confirmations();
        long to = Math.min(deepest, confirmed + MOST_BLOCKS);
        if (to <= confirmed) {
            return false;
        }
        var kept = database.inTransaction(tx -> ChainBook.between(tx, confirmed + 1, to));
        if (kept.size() != to - confirmed) {
            // another watcher, started by mistake, has gone back meanwhile
            return true;
        }
        var seen = new ArrayList<SeenIn>();
        kept.forEach(block -> seen.addAll(decoded(reader.logs(block, contracts))));
        CrashPoints.hit("settlement.before-cursor");
        database.transact(tx -> {
            if (ChainBook.lockConfirmed(tx, limits.startBlock()) != confirmed
                    || !ChainBook.tip(tx).equals(Optional.of(chain.getLast()))) {
                return;
            }
            count(tx, seen, to);
            ChainBook.dropBelow(tx, to - limits.history());
        });
        return to < deepest;
    }

    private void count(Tx tx, List<SeenIn> seen, long to) {
        for (var each : seen) {
            var kept = ChainBook.block(tx, each.seen().block());
            if (kept.isPresent() && !kept.get().hash().equals(each.blockHash())) {
                throw new ChainUnavailable("Expected the logs of block %s, but the node sent those of %s"
                        .formatted(kept.get().hash(), each.blockHash()));
            }
        }
        var events = seen.stream().map(SeenIn::seen).toList();
        effects.apply(tx, events, to);
        events.forEach(event -> ChainBook.record(tx, event));
        ChainBook.moveTo(tx, to);
    }

    private record SeenIn(Seen seen, Digest blockHash) {}

    private List<SeenIn> decoded(List<ChainLog> logs) {
        var seen = new ArrayList<SeenIn>();
        for (var log : logs) {
            decoder.decode(log)
                    .ifPresent(event -> seen.add(
                            new SeenIn(new Seen(event, log.block(), log.index(), log.transaction()), log.blockHash())));
        }
        return seen;
    }

    private List<ChainLog> logs(long from, long to) {
        try {
            var logs = reader.logs(from, to, contracts);
            range = Math.min(limits.range(), 2 * range);
            return logs;
        } catch (ChainUnavailable e) {
            range = Math.max(1, range / 2);
            throw e;
        }
    }
}
