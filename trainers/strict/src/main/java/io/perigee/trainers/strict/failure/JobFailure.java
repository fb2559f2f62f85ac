package io.perigee.trainers.strict.failure;

/** Ends the job with one sentence for its builder and a hint what to do about it. */
public final class JobFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Exit exit;
    private final String code;
    private final String hint;

    private JobFailure(Exit exit, String code, String message, String hint) {
        super(message);
        this.exit = exit;
        this.code = code;
        this.hint = hint;
    }

    /** The order itself is wrong: running it elsewhere cannot help. */
    public static JobFailure spec(String code, String message, String hint) {
        return new JobFailure(Exit.BAD_SPEC, code, message, hint);
    }

    /** An input (base, dataset, checkpoint) is not what the contract promises. */
    public static JobFailure data(String code, String message, String hint) {
        return new JobFailure(Exit.BAD_DATA, code, message, hint);
    }

    /** The machine let the job down. */
    public static JobFailure machine(String code, String message, String hint) {
        return new JobFailure(Exit.FAILED, code, message, hint);
    }

    public Exit exit() {
        return exit;
    }

    public String code() {
        return code;
    }

    public String hint() {
        return hint;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
