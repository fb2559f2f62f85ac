package io.perigee.cli;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.Outcome;

/** What the program ends with; stable, for scripts. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int BUG = 1;
    public static final int USAGE = 2;
    public static final int REFUSED = 3;
    public static final int IDENTITY = 4;
    public static final int UNREACHABLE = 5;
    public static final int CHAIN = 6;
    public static final int JOB_FAILED = 10;
    public static final int JOB_CANCELLED = 11;
    public static final int JOB_EXPIRED = 12;
    public static final int PROOF_WRONG = 13;
    public static final int STILL_RUNNING = 14;
    /** What would prove it is withheld. */
    public static final int DATA_MISSING = 15;
    /** Some of it was done, and some refused. */
    public static final int PARTIAL = 16;

    /** Another tool's file asks for what a job cannot say; the number trainers end with on bad data. */
    public static final int NOT_THE_SAME = 65;

    private ExitCode() {}

    static int of(ErrorCode code) {
        return switch (code) {
            case UNAUTHENTICATED, FORBIDDEN, BAD_SIGNATURE -> IDENTITY;
            case UNAVAILABLE, TIMED_OUT, RATE_LIMITED, INTERNAL -> UNREACHABLE;
            case CHAIN_ERROR -> CHAIN;
            case MALFORMED,
                    INVALID_SPEC,
                    UNSUPPORTED,
                    TOO_LARGE,
                    WRONG_CHAIN,
                    WRONG_HUB,
                    WRONG_ORIGIN,
                    NOT_FOUND,
                    ARTIFACT_MISSING,
                    CONFLICT,
                    IDEMPOTENCY_MISMATCH,
                    REPLAYED_ORDER,
                    ORDER_EXPIRED,
                    ORDER_MISMATCH,
                    WRONG_STATE,
                    STALE_LEASE,
                    NOT_ASSIGNED,
                    OFFSET_MISMATCH,
                    DIGEST_MISMATCH,
                    ALLOTMENT_TOO_SMALL,
                    PRICE_TOO_LOW,
                    BAD_OPENING,
                    NO_RECEIPT,
                    CONTRADICTION -> REFUSED;
        };
    }

    public static int of(Outcome outcome) {
        return switch (outcome) {
            case ACCEPTED -> DONE;
            case FAILED -> JOB_FAILED;
            case CANCELLED -> JOB_CANCELLED;
            case EXPIRED -> JOB_EXPIRED;
        };
    }
}
