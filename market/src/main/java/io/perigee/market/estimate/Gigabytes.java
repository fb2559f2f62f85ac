package io.perigee.market.estimate;

/** Bytes for people, to a hundredth of a gigabyte. */
public final class Gigabytes {
    private static final long HUNDREDTH = 10_000_000;

    private Gigabytes() {}

    /** What is there, rounded down. */
    public static String held(long bytes) {
        return words(bytes / HUNDREDTH);
    }

    /** What is needed, rounded up. */
    public static String needed(long bytes) {
        return words(Math.ceilDiv(bytes, HUNDREDTH));
    }

    private static String words(long hundredths) {
        return "%d.%02d GB".formatted(hundredths / 100, hundredths % 100);
    }
}
