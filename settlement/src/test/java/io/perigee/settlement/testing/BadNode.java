package io.perigee.settlement.testing;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainLog;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.Estimate;
import io.perigee.settlement.chain.FeeQuote;
import io.perigee.settlement.chain.Inclusion;
import io.perigee.settlement.chain.Submission;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A real node seen through bad luck: before, in and after any call something may happen, as its random numbers say. It never
 * lags behind by as many blocks as are waited for, but for its logs: those may be asked of a node that has none of the blocks,
 * which says so of one block, and of a range that nothing happened there. It never lies about what it knows.
 */
public final class BadNode implements ChainReader, ChainSender {
    /** What can happen at a call. */
    public enum Fault {
        REORGANISED,
        REFUSED_A_CALL,
        LOST_AN_ANSWER,
        LAGGED,
        HAD_NO_LOGS,
        SWALLOWED_BYTES,
        REFUSED_BYTES,
        KILLED
    }

    /** The process died here, as by {@code kill -9}: an error, since nothing may catch it and go on. */
    public static final class Killed extends Error {
        Killed() {
            super("killed");
        }
    }

    /** Calls in a hundred at which a fault is tried. */
    private static final int PERCENT = 12;

    private static final int MOST_LAG = 5;

    /** So far below the head every node has every block. */
    private static final int FAR = 64;

    private final ChainReader reader;
    private final ChainSender sender;
    private final Random random;
    private final IntConsumer reorganise;
    private final int deepest;
    private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
    private boolean healthy = true;
    private boolean down;
    private boolean withoutLogs;

    /** @param deepest how many blocks may be replaced at once */
    public BadNode(ChainReader reader, ChainSender sender, Random random, int deepest, IntConsumer reorganise) {
        this.reader = reader;
        this.sender = sender;
        this.random = random;
        this.deepest = deepest;
        this.reorganise = reorganise;
    }

    public void healthy(boolean value) {
        healthy = value;
    }

    /** Whether nothing is answered at all. */
    public void down(boolean value) {
        down = value;
    }

    /** Whether logs are always asked of a node that does not have the blocks. */
    public void withoutLogs(boolean value) {
        withoutLogs = value;
    }

    public boolean isDown() {
        return down;
    }

    /** How often what happened. */
    public Map<Fault, Integer> happened() {
        return happened;
    }

    private <T> T at(Supplier<T> call) {
        return at(call, call);
    }

    private <T> T at(Supplier<T> call, Supplier<T> lagging) {
        if (down) {
            throw new ChainUnavailable("Expected an answer of the node, but it is down");
        }
        if (healthy || random.nextInt(100) >= PERCENT) {
            return call.get();
        }
        return switch (random.nextInt(5)) {
            case 0 -> {
                count(Fault.REORGANISED);
                reorganise.accept(1 + random.nextInt(deepest));
                yield call.get();
            }
            case 1 -> {
                count(Fault.REFUSED_A_CALL);
                throw new ChainUnavailable("Expected an answer of the node, but it said 429 Too Many Requests");
            }
            case 2 -> {
                call.get();
                count(Fault.LOST_AN_ANSWER);
                throw new ChainUnavailable("Expected an answer of the node, but it was lost");
            }
            case 3 -> {
                count(Fault.LAGGED);
                yield lagging.get();
            }
            default -> {
                boolean after = random.nextBoolean();
                if (after) {
                    call.get();
                }
                count(Fault.KILLED);
                throw new Killed();
            }
        };
    }

    private void count(Fault fault) {
        happened.merge(fault, 1, Integer::sum);
    }

    private long lagged(long head) {
        return Math.max(0, head - 1 - random.nextInt(MOST_LAG));
    }

    @Override
    public Block head() {
        return at(
                reader::head, () -> reader.block(lagged(reader.head().number())).orElseThrow());
    }

    @Override
    public Optional<Block> block(long number) {
        return at(
                () -> reader.block(number),
                () -> number > lagged(reader.head().number()) ? Optional.empty() : reader.block(number));
    }

    @Override
    public List<ChainLog> logs(long from, long to, List<Address> emitters) {
        boolean near = to > reader.head().number() - FAR;
        Supplier<List<ChainLog>> behind = () -> {
            count(Fault.HAD_NO_LOGS);
            return near ? List.of() : reader.logs(from, to, emitters);
        };
        return withoutLogs ? behind.get() : at(() -> reader.logs(from, to, emitters), behind);
    }

    @Override
    public List<ChainLog> logs(Block block, List<Address> emitters) {
        Supplier<List<ChainLog>> behind = () -> {
            count(Fault.HAD_NO_LOGS);
            throw new ChainUnavailable("Expected the logs of a block, but the node does not know it");
        };
        return withoutLogs ? behind.get() : at(() -> reader.logs(block, emitters), behind);
    }

    @Override
    public Optional<Inclusion> inclusion(Digest transaction) {
        return at(() -> reader.inclusion(transaction), () -> reader.inclusion(transaction)
                .filter(in -> in.block() <= lagged(reader.head().number())));
    }

    @Override
    public byte[] view(Call call, long block) {
        return at(() -> reader.view(call, block));
    }

    @Override
    public long minedCount(Address address, long block) {
        return at(() -> sender.minedCount(address, block), () -> {
            if (block > lagged(reader.head().number())) {
                throw new ChainUnavailable("Expected a count after block " + block + ", but the node does not know it");
            }
            return sender.minedCount(address, block);
        });
    }

    @Override
    public Estimate estimate(Address address, Call call) {
        return at(() -> sender.estimate(address, call));
    }

    @Override
    public FeeQuote fees() {
        return at(sender::fees);
    }

    @Override
    public BigInteger balance(Address address) {
        return at(() -> sender.balance(address));
    }

    @Override
    public Submission send(byte[] raw) {
        if (!healthy && random.nextInt(100) < PERCENT) {
            if (random.nextBoolean()) {
                count(Fault.SWALLOWED_BYTES);
                return new Submission.Accepted();
            }
            count(Fault.REFUSED_BYTES);
            return new Submission.Refused("intrinsic gas too low");
        }
        return at(() -> sender.send(raw));
    }
}
