package io.perigee.benchmarks.epoch;

import io.perigee.benchmarks.matching.Cost;
import io.perigee.benchmarks.matching.Machine;
import io.perigee.eventlog.key.KeySigner;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.EpochFile;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.epoch.LineTree;
import io.perigee.protocol.epoch.Lines;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.Fees;
import io.perigee.settlement.chain.Wallet;
import io.perigee.settlement.ethereum.EpochCalls;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.ethereum.SigningWallet;
import java.io.PrintStream;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Prints what a settler spends on epochs of several sizes, in processor time of the one thread that works. */
public final class EpochReport {
    private static final int[] SIZES = {1_000, 10_000, 100_000, 1_000_000};
    private static final double LEAST_SECONDS = 2;
    private static final BigInteger GWEI = BigInteger.valueOf(1_000_000_000L);

    private final PrintStream out;
    private final double leastSeconds;
    private final KeyPair key = KeyPair.ofSecret(Keccak256.hash("perigee.benchmarks".getBytes(StandardCharsets.UTF_8))
            .bytes());

    private EpochReport(PrintStream out, double leastSeconds) {
        this.out = out;
        this.leastSeconds = leastSeconds;
    }

    /** {@code java … EpochReport [LINES…]} */
    public static void main(String[] arguments) {
        Machine.print(System.out);
        var sizes = SIZES;
        if (arguments.length > 0) {
            sizes = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        }
        print(System.out, LEAST_SECONDS, sizes);
    }

    /** @param leastSeconds processor time that each number takes at least */
    static void print(PrintStream out, double leastSeconds, int... sizes) {
        var report = new EpochReport(out, leastSeconds);
        out.println(
                "| lines | sort and sums s | root s | root by web3j s | ratio | proofs/CPU-s | accounts s | file's name s "
                        + "| post and settle, signed ms | all, µs a line |");
        out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (int size : sizes) {
            report.row(size);
        }
    }

    private void row(int size) {
        var epoch = new LargeEpoch(1);
        var collector = epoch.collect(size);
        var lines = collector.lines();
        double sort = seconds(collector::lines);
        double root = seconds(() -> LineTree.of(lines));
        double web3j = seconds(() -> Web3jTree.root(lines));
        if (!Web3jTree.root(lines).equals(LineTree.of(lines).root())) {
            throw new IllegalStateException("Expected one root, but web3j's tree has another");
        }
        double proof = proofs(LineTree.of(lines), size);
        double accounts = seconds(() -> Accounts.of(lines));
        double file = seconds(() -> new EpochFile(epoch.id, lines).contentId());
        double all = seconds(() -> settle(epoch, collector));
        double calls = calls(epoch, lines);
        out.printf(
                Locale.ROOT,
                "| %,d | %.4f | %.4f | %.4f | %.1f | %,.0f | %.5f | %.5f | %.2f | %.2f |%n",
                size,
                sort,
                root,
                web3j,
                web3j / root,
                size / proof,
                accounts,
                file,
                1e3 * calls,
                1e6 * all / size);
    }

    /** All that is computed for an epoch: from what jobs earned to two signed transactions and the file's name. */
    private Object settle(LargeEpoch epoch, LineCollector collector) {
        var lines = collector.lines();
        var name = new EpochFile(epoch.id, lines).contentId();
        return name.toString() + sign(EpochLedger.of(epoch.id, lines));
    }

    private double calls(LargeEpoch epoch, Lines lines) {
        var ledger = EpochLedger.of(epoch.id, lines);
        return seconds(() -> sign(ledger));
    }

    private int sign(EpochLedger ledger) {
        try (var rpc = new Rpc(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1))) {
            var calls = new EpochCalls(rpc, Address.of(new byte[Address.BYTES]));
            return signed(calls.post(ledger), 1) + signed(calls.settle(ledger), 2);
        }
    }

    private int signed(Call call, long nonce) {
        var wallet = new SigningWallet(new KeySigner(key), 31337);
        return wallet.sign(new Wallet.Draft(nonce, 1_000_000, new Fees(GWEI, GWEI), call))
                .raw()
                .length;
    }

    private double proofs(LineTree tree, int size) {
        var proof = new byte[tree.depth() * Digest.BYTES];
        return seconds(() -> {
            for (int i = 0; i < size; i++) {
                tree.proof((int) (i * 2_654_435_761L % size), proof, 0);
            }
            return proof;
        });
    }

    private interface Work {
        Object done();
    }

    /** Of one, after as long a time for the compiler as is measured. */
    private double seconds(Work work) {
        rounds(work);
        return rounds(work);
    }

    private double rounds(Work work) {
        var cost = new Cost();
        int rounds = 0;
        int kept = 0;
        do {
            kept ^= System.identityHashCode(work.done());
            rounds++;
        } while (cost.seconds() < leastSeconds);
        if (kept == Integer.MIN_VALUE) {
            out.println();
        }
        return cost.seconds() / rounds;
    }
}
