package io.perigee.protocol.error;

/**
 * Why something was refused. The name of a constant is its code on the wire and never changes; how a code maps to a
 * transport (HTTP status, exit code) is the transport's affair.
 */
public enum ErrorCode {
    // What a caller wrote
    MALFORMED(false, "Correct what 'detail' names; the shapes are in /q/openapi and docs/protocol.md"),
    INVALID_SPEC(false, "Correct the fields named in 'violations'; the JSON Schema is in the protocol's resources"),
    UNSUPPORTED(false, "This hub does not offer that; GET /api/v1/hub says what it offers"),
    TOO_LARGE(false, "Send less in one request; large data goes through artifact uploads"),
    // Who is asking
    UNAUTHENTICATED(false, "Sign in with POST /api/v1/sessions/challenges and POST /api/v1/sessions"),
    FORBIDDEN(false, "Use the wallet that owns it"),
    BAD_SIGNATURE(false, "Sign exactly the digest described in docs/protocol.md, with a low s"),
    WRONG_CHAIN(false, "Sign for the chain and escrow that GET /api/v1/hub names"),
    WRONG_HUB(false, "Sign for the hub that GET /api/v1/hub names"),
    WRONG_ORIGIN(
            false,
            "Connect to an origin that 'detail' names, or have the hub's operator add yours to perigee.api.origins; where you do not know them, the hub you are at passes log-ins on"),
    // What is not there
    NOT_FOUND(false, "Check the id; jobs are visible to their builder only"),
    ARTIFACT_MISSING(false, "Upload the artifact first; an artifact is named by its SHA-256"),
    // What does not fit the present state
    CONFLICT(false, "Read the present state and try again if it still makes sense"),
    IDEMPOTENCY_MISMATCH(false, "Use a new Idempotency-Key for a different request"),
    REPLAYED_ORDER(false, "Ask for a new quote; an order is good for one job"),
    ORDER_EXPIRED(false, "Ask for a new quote and sign it before it expires"),
    ORDER_MISMATCH(false, "Sign the order of the quote unchanged"),
    WRONG_STATE(false, "Read the job's timeline to see where it is"),
    STALE_LEASE(false, "The assignment is no longer held; drop its work"),
    NOT_ASSIGNED(false, "Only a provider the hub assigned may speak for an attempt"),
    // Uploads
    OFFSET_MISMATCH(true, "HEAD the upload and continue at its Upload-Offset"),
    DIGEST_MISMATCH(false, "Hash the content again and upload it from the start"),
    // Money and market
    ALLOTMENT_TOO_SMALL(false, "Deposit more with 'perigee deposit <amount>'"),
    PRICE_TOO_LOW(false, "Raise price.max, or wait for a cheaper offer"),
    // Evidence
    BAD_OPENING(false, "An opening must hash to the seal that was committed, and its segments to its root"),
    NO_RECEIPT(true, "Reveal only after the hub's receipt for the commitment"),
    CONTRADICTION(false, "A border is sealed once; the first seal stands"),
    // Flow and machinery
    RATE_LIMITED(true, "Slow down and try again"),
    TIMED_OUT(true, "Try again"),
    UNAVAILABLE(true, "Try again in a moment"),
    CHAIN_ERROR(true, "Check the chain's RPC endpoint and try again"),
    INTERNAL(true, "This is a fault of the hub; report it with the trace id");

    private final boolean retryable;
    private final String hint;

    ErrorCode(boolean retryable, String hint) {
        this.retryable = retryable;
        this.hint = hint;
    }

    /** Whether the very same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** What to do next, in one sentence without a full stop. */
    public String hint() {
        return hint;
    }
}
