package io.perigee.benchmarks.epoch;

import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Orders of two runs each, of ten builders and ten owners, in the order in which jobs end: none. */
final class LargeEpoch {
    static final int RUNS_AN_ORDER = 2;
    private static final int PARTIES = 10;

    private final Random random;
    final EpochId id;

    LargeEpoch(long seed) {
        random = new Random(seed);
        id = new EpochId(address(), address(), 7);
    }

    /** @param lines how many runs are paid */
    LineCollector collect(int lines) {
        var builders = parties();
        var owners = parties();
        var collector = new LineCollector();
        var order = digest();
        for (int i = 0; i < lines; i++) {
            if (i % RUNS_AN_ORDER == 0) {
                order = digest();
            }
            collector.add(
                    builders.get(i / RUNS_AN_ORDER % PARTIES),
                    order,
                    digest(),
                    owners.get(i % PARTIES),
                    Amount.of(1 + random.nextInt(1_000_000)));
        }
        return collector;
    }

    private List<Address> parties() {
        return IntStream.range(0, PARTIES).mapToObj(_ -> address()).toList();
    }

    private Address address() {
        return Address.of(bytes(Address.BYTES));
    }

    private Digest digest() {
        return Digest.of(bytes(Digest.BYTES));
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
