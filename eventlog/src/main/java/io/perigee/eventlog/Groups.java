package io.perigee.eventlog;

/** The groups that read the log. They never change: a group of another name would read and apply everything again. */
public final class Groups {
    /** Schedulers, who share the jobs. */
    public static final String SCHEDULER = "scheduler";

    /** Front doors, who share the read model. */
    public static final String FRONT_DOOR = "marketplace-api";

    private Groups() {}
}
