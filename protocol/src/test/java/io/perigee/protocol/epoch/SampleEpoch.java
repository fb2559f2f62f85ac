package io.perigee.protocol.epoch;

import io.perigee.protocol.Samples;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.List;
import java.util.stream.IntStream;

/** Lines of a few builders and owners, two to an order, drawn from a seed. */
final class SampleEpoch {
    static final EpochId ID = new EpochId(
            Address.of(new Samples(1).bytes(Address.BYTES)), Address.of(new Samples(2).bytes(Address.BYTES)), 7);

    private SampleEpoch() {}

    static LineCollector collector(int seed, int count) {
        var samples = new Samples(seed);
        var builders = addresses(samples, 10);
        var owners = addresses(samples, 10);
        var collector = new LineCollector();
        var order = Digest.ZERO;
        for (int i = 0; i < count; i++) {
            if (i % 2 == 0) {
                order = Digest.of(samples.bytes(Digest.BYTES));
            }
            collector.add(
                    builders.get(i / 2 % builders.size()),
                    order,
                    Digest.of(samples.bytes(Digest.BYTES)),
                    owners.get(i % owners.size()),
                    Amount.of(1 + i % 1000));
        }
        return collector;
    }

    static Lines lines(int seed, int count) {
        return collector(seed, count).lines();
    }

    private static List<Address> addresses(Samples samples, int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> Address.of(samples.bytes(Address.BYTES)))
                .toList();
    }
}
