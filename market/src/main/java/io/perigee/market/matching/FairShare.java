package io.perigee.market.matching;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whose job is looked at first when many wait. Everything a builder holds, or has ahead of a job, puts that job back by
 * one patience; of what is left, the longest waiting comes first.
 *
 * <p>So a builder with a thousand jobs does not keep out one who comes later with one. And nobody starves: who holds h
 * waits at most h patiences longer than somebody who holds nothing, however many names come after it.
 *
 * <p>Audits come before all that: their runs are done, had their turn, and are paid only when others have looked at them.
 */
public final class FairShare {
    /** What holding one unit more costs in the order. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Comparator<Ranked> ORDER = Comparator.comparingLong(Ranked::place)
            .thenComparing(Ranked::turn, Long::compareUnsigned)
            .thenComparing(ranked -> ranked.claim().job().toString());

    private FairShare() {}

    /**
     * A job that wants replicas.
     *
     * @param since when it began to want them; of an audit, when its job was submitted
     * @param audits whether it wants auditors of a run that is done
     * @param units what it would hold: its replicas, or their GPUs where it asks for several
     */
    public record Claim(JobId job, Address builder, Instant since, boolean audits, int units) {}

    private record Ranked(Claim claim, long place, long turn) {}

    /**
     * The claims in the order in which they are to be looked at. It depends on neither the order they are given in nor
     * the time: equals are ordered by a seed that all who wait make together, since each name among them changes it.
     *
     * @param held units that a builder's running attempts hold; 0 for whom it does not name
     */
    public static List<Claim> order(List<Claim> claims, Map<Address, Integer> held) {
        return Stream.of(true, false)
                .map(audits -> claims.stream()
                        .filter(claim -> claim.audits() == audits)
                        .toList())
                .flatMap(alike -> alike.isEmpty() ? Stream.empty() : inOrder(alike, held).stream())
                .toList();
    }

    private static List<Claim> inOrder(List<Claim> claims, Map<Address, Integer> held) {
        long start = Turn.start(seed(claims));
        var ranked = new ArrayList<Ranked>(claims.size());
        var units = new HashMap<Address, Long>();
        claims.stream()
                .map(claim -> new Ranked(claim, claim.since().toEpochMilli(), Turn.of(lot(claim), start)))
                .sorted(ORDER)
                .forEach(each -> {
                    var claim = each.claim();
                    long ahead =
                            units.computeIfAbsent(claim.builder(), builder -> (long) held.getOrDefault(builder, 0));
                    ranked.add(new Ranked(claim, each.place() + ahead * PATIENCE.toMillis(), each.turn()));
                    units.put(claim.builder(), ahead + claim.units());
                });
        ranked.sort(ORDER);
        return ranked.stream().map(Ranked::claim).toList();
    }

    /** The hash of all the jobs that wait, in the order of their names. */
    static Digest seed(List<Claim> claims) {
        var names = new ByteArrayOutputStream(Long.BYTES * 2 * claims.size());
        claims.stream()
                .map(Claim::job)
                .sorted(Comparator.comparing(JobId::toString))
                .forEach(job -> names.writeBytes(bytes(job)));
        return Keccak256.hash(names.toByteArray());
    }

    private static long lot(Claim claim) {
        return Turn.lot(bytes(claim.job()));
    }

    private static byte[] bytes(JobId job) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(job.value().getMostSignificantBits())
                .putLong(job.value().getLeastSignificantBits())
                .array();
    }
}
