package io.perigee.api.problem;

import io.perigee.protocol.error.ErrorCode;

/** The one place where a refusal becomes an HTTP status. */
public final class HttpStatus {
    private HttpStatus() {}

    public static int of(ErrorCode code) {
        return switch (code) {
            case MALFORMED -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN, NOT_ASSIGNED -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT, REPLAYED_ORDER, WRONG_STATE, STALE_LEASE, OFFSET_MISMATCH, NO_RECEIPT, CONTRADICTION -> 409;
            case TOO_LARGE -> 413;
            case INVALID_SPEC,
                    UNSUPPORTED,
                    BAD_SIGNATURE,
                    WRONG_CHAIN,
                    WRONG_HUB,
                    WRONG_ORIGIN,
                    ARTIFACT_MISSING,
                    IDEMPOTENCY_MISMATCH,
                    ORDER_EXPIRED,
                    ORDER_MISMATCH,
                    DIGEST_MISMATCH,
                    ALLOTMENT_TOO_SMALL,
                    PRICE_TOO_LOW,
                    BAD_OPENING -> 422;
            case RATE_LIMITED -> 429;
            case INTERNAL -> 500;
            case TIMED_OUT, UNAVAILABLE, CHAIN_ERROR -> 503;
        };
    }

    /** The code for a status that the HTTP machinery itself answers with. */
    static ErrorCode codeOf(int status) {
        return switch (status) {
            case 401 -> ErrorCode.UNAUTHENTICATED;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            case 405, 406, 415, 501, 505 -> ErrorCode.UNSUPPORTED;
            case 408 -> ErrorCode.TIMED_OUT;
            case 409, 412, 428 -> ErrorCode.CONFLICT;
            case 413 -> ErrorCode.TOO_LARGE;
            case 429 -> ErrorCode.RATE_LIMITED;
            case 503 -> ErrorCode.UNAVAILABLE;
            default -> status < 500 ? ErrorCode.MALFORMED : ErrorCode.INTERNAL;
        };
    }
}
