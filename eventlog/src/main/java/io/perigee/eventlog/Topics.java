package io.perigee.eventlog;

import io.perigee.protocol.fact.Envelope;
import java.util.List;

/** The topics of the log. */
public final class Topics {
    /** Facts about jobs, keyed by job. */
    public static final String JOBS = "perigee.jobs";

    /** Facts about providers, keyed by provider. */
    public static final String PROVIDERS = "perigee.providers";

    /** Facts about money on the chain, keyed by address. */
    public static final String ACCOUNTS = "perigee.accounts";

    /** Commands to the owner of a job, keyed by job. */
    public static final String COMMANDS = "perigee.commands";

    /** Records no consumer could use, with the reason in their headers. */
    public static final String DEAD_LETTERS = "perigee.dead-letters";

    public static final List<String> ALL = List.of(JOBS, PROVIDERS, ACCOUNTS, COMMANDS, DEAD_LETTERS);

    /** The largest record of the log, in bytes: evidence of ten thousand borders fits. */
    public static final int MAX_RECORD_BYTES = 8 << 20;

    private Topics() {}

    /** The topic an envelope travels on. */
    public static String of(Envelope envelope) {
        return envelope.body().topic();
    }
}
