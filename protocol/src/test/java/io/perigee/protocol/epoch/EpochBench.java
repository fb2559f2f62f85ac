package io.perigee.protocol.epoch;

import java.lang.management.ManagementFactory;

/** Measures a million lines in CPU time of this thread: {@code java … io.perigee.protocol.epoch.EpochBench [lines]}. */
final class EpochBench {
    private static final int ROUNDS = 5;

    private EpochBench() {}

    public static void main(String[] arguments) {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        var collector = SampleEpoch.collector(1, count);
        for (int round = 0; round < ROUNDS; round++) {
            long start = cpu();
            var lines = collector.lines();
            long sorted = cpu();
            var tree = LineTree.of(lines);
            long hashed = cpu();
            var accounts = Accounts.of(lines);
            long added = cpu();
            var proof = new byte[32 * tree.depth()];
            for (int i = 0; i < count; i++) {
                tree.proof((int) (i * 2_654_435_761L % count), proof, 0);
            }
            long proven = cpu();
            var id = new EpochFile(SampleEpoch.ID, lines).contentId();
            long named = cpu();
            System.out.printf(
                    "sort and sums %.2f s, root %.2f s, accounts %.2f s, %,.0f proofs a second, content id %.2f s; %s %d %s%n",
                    (sorted - start) / 1e9,
                    (hashed - sorted) / 1e9,
                    (added - hashed) / 1e9,
                    count * 1e9 / (proven - added),
                    (named - proven) / 1e9,
                    tree.root(),
                    accounts.lines(),
                    id);
        }
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
