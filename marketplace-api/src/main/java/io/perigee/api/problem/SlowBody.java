package io.perigee.api.problem;

/** A body stood still for too long: the sender's fault, so not the 503 that TIMED_OUT has where the hub is slow. */
final class SlowBody extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final int STATUS = 408;

    SlowBody(String detail) {
        super(detail, null, false, false);
    }
}
