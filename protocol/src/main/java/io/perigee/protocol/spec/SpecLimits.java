package io.perigee.protocol.spec;

/** The numbers of docs/protocol.md that bound a spec; the rules and the JSON Schema both read them here. */
public final class SpecLimits {
    public static final int NAME_LENGTH = 63;
    public static final String NAME_FORM = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    public static final String TARGET_FORM = "[A-Za-z0-9_.]{1,64}";
    public static final String REGION_FORM = "[a-z0-9][a-z0-9-]{0,31}";

    public static final int STEPS = 1_000_000;
    public static final int BATCH = 1_024;
    public static final int SEQ_LEN_MIN = 8;
    public static final int SEQ_LEN = 131_072;
    public static final int RANK = 256;
    public static final int ALPHA = 1_024;
    public static final int TARGETS = 16;
    public static final int DPO_BETA = 10;
    public static final int WEIGHT_DECAY = 1;
    public static final int GRAD_NORM = 1_000;
    public static final int BAD_ROWS = 1_000_000;
    public static final String HELD_OUT = "0.5";
    public static final int EARLY_STOP = 1_000;
    public static final long SEED = (1L << 53) - 1;
    public static final int BORDERS = 10_000;
    /**
     * Leaves of all runs that a decision shows. One takes some 352 bytes, and the record that tells the decision may have
     * 8 MiB: of a job whose evidence is larger nobody would be paid.
     */
    public static final int EVIDENCE = 22_000;
    /** Borders that any job may have, however many must agree. */
    public static final int BORDERS_OF_ANY = 4_400;
    /** Fits a price calculation of any offer into 256 bits with much room. */
    public static final long UNITS = 1_000_000_000_000_000L;

    public static final int GPUS = 16;
    public static final int CPUS = 256;
    public static final long MEMORY_MIN = 64_000_000L;
    public static final long MEMORY = 16_000_000_000_000L;
    public static final long DISK_MIN = 10_000_000L;
    public static final long DISK = 100_000_000_000_000L;
    public static final int MODELS = 16;

    /** Bytes of an image: of its archive, and of what its layers unpack to. An agent whose owner set less blames itself. */
    public static final long IMAGE = 20_000_000_000L;

    public static final int REGIONS = 16;
    public static final int OWNERS = 64;

    public static final int DEADLINE_MIN = 5;
    public static final int QUEUE = 7 * 86_400;
    public static final int RUN = 30 * 86_400;
    public static final int UPLOAD = 86_400;

    public static final int REPLICAS_MIN = 2;
    public static final int REPLICAS = 5;
    /** Money of a job, in bits: far above any token's supply, far below overflow. */
    public static final int PRICE_BITS = 128;

    private SpecLimits() {}

    /** Borders that a job of so many replicas may have: all of them, or a quorum and one that contradicts it, are shown. */
    public static int borders(int replicas) {
        return Math.min(BORDERS, EVIDENCE / Math.max(3, replicas));
    }
}
