package io.perigee.api.problem;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.spec.Violation;
import java.util.List;

/** Carries a refusal to the edge, where it becomes a problem document; on its way it rolls a transaction back. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    static final int SOON = 1;

    private final transient Rejected rejected;
    private final transient List<Violation> violations;
    private final int retryAfter;

    public Refused(ErrorCode code, String detail) {
        this(new Rejected(code, detail), List.of());
    }

    /** @param retryAfter in how many seconds the same may succeed */
    public Refused(ErrorCode code, String detail, int retryAfter) {
        this(new Rejected(code, detail), List.of(), retryAfter);
    }

    public Refused(Rejected rejected) {
        this(rejected, List.of());
    }

    /** @param violations what is wrong where, for a document with many fields */
    public Refused(Rejected rejected, List<Violation> violations) {
        this(rejected, violations, SOON);
    }

    private Refused(Rejected rejected, List<Violation> violations, int retryAfter) {
        super(rejected.detail(), null, false, false);
        this.rejected = rejected;
        this.violations = List.copyOf(violations);
        this.retryAfter = retryAfter;
    }

    public Rejected rejected() {
        return rejected;
    }

    public List<Violation> violations() {
        return violations;
    }

    /** In seconds; said only where it is a matter of time. */
    public int retryAfter() {
        return retryAfter;
    }
}
