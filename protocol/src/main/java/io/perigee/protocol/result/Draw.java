package io.perigee.protocol.result;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Digest;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which segments are audited. Nobody chooses: the provider has sealed before the block exists, the hub has committed its
 * secret in the assignment, and whoever makes the block knows neither. Once secret and seal are open anybody derives the
 * same segments.
 */
public final class Draw {
    /** So many segments of a whole run are drawn at least, or all where there are fewer. */
    public static final int FEWEST = 2;

    private static final byte[] AUDITORS = "auditors".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RUNS = "runs".getBytes(StandardCharsets.US_ASCII);

    private Draw() {}

    /** What an assignment commits to, so that the hub cannot draw twice. */
    public static Digest commitmentTo(Digest hubSecret) {
        return Keccak256.hash(hubSecret.bytes());
    }

    /** keccak256(blockhash(drawBlock) ‖ hubSecret ‖ seal). */
    public static Digest seed(Digest blockHash, Digest hubSecret, Digest seal) {
        return Keccak256.hash(blockHash.bytes(), hubSecret.bytes(), seal.bytes());
    }

    /**
     * By what the next auditors are chosen, by stake: keccak256(seed ‖ "auditors" ‖ attempts), the number as a big-endian uint32.
     * Nothing in it is known to who runs the job, who pays for it or who audited it before; once secret and seal are open,
     * anybody chooses the same.
     *
     * @param seed that the segments were drawn by; with a block hash of zero where none became known
     * @param attempts how many assignments the order has by then
     */
    public static Digest auditors(Digest seed, int attempts) {
        return next(seed, AUDITORS, attempts);
    }

    /**
     * By what the next run is chosen, by stake, after one that blamed the job, crashed or was too slow: keccak256(secret ‖ "runs" ‖
     * attempts). The one that speaks against the job does not know the secret of its assignment.
     *
     * @param hubSecret of the last such run
     * @param attempts how many assignments the order has by then
     */
    public static Digest runs(Digest hubSecret, int attempts) {
        return next(hubSecret, RUNS, attempts);
    }

    private static Digest next(Digest seed, byte[] what, int attempts) {
        return Keccak256.hash(
                seed.bytes(),
                what,
                ByteBuffer.allocate(Integer.BYTES).putInt(attempts).array());
    }

    /**
     * Draws k of the segments that end at the borders after {@code fromBorder} up to {@code toBorder}, uniformly and
     * without putting back: Floyd's sampling, with keccak256(seed ‖ j) mod (j+1) as its j-th number. The modulus favours
     * no segment by more than 2^-224.
     */
    public static SortedSet<Integer> segments(Digest seed, int fromBorder, int toBorder, int k) {
        int n = toBorder - fromBorder;
        if (k < 0 || k > n) {
            throw new IllegalArgumentException("Expected to draw 0 to %d segments, but got %d".formatted(n, k));
        }
        var drawn = new TreeSet<Integer>();
        for (int j = n - k; j < n; j++) {
            int at = number(seed, j, j + 1);
            drawn.add(fromBorder + 1 + (drawn.contains(fromBorder + 1 + at) ? j : at));
        }
        return drawn;
    }

    /**
     * How many segments of a run are drawn where {@code ofWhole} are of the whole job's: in proportion to its length, rounded up.
     *
     * @param segments of the run
     * @param ofJob segments of the whole job
     */
    public static int inProportion(int ofWhole, int segments, int ofJob) {
        return segments >= ofJob
                ? Math.min(segments, ofWhole)
                : Math.min(segments, Math.ceilDiv(ofWhole * segments, ofJob));
    }

    /** Every segment: what a withheld secret costs the hub. There is never a second draw. */
    public static SortedSet<Integer> all(int fromBorder, int toBorder) {
        return IntStream.rangeClosed(fromBorder + 1, toBorder).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    /** A number below a bound that anybody can derive again. */
    public static int number(Digest seed, int index, int bound) {
        var hash = Keccak256.hash(
                seed.bytes(),
                new byte[] {(byte) (index >>> 24), (byte) (index >>> 16), (byte) (index >>> 8), (byte) index});
        return new BigInteger(1, hash.bytes()).mod(BigInteger.valueOf(bound)).intValueExact();
    }
}
