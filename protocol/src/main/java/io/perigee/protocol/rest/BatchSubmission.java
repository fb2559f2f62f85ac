package io.perigee.protocol.rest;

import java.util.List;

/** Many signed jobs at once. Each is taken or refused by itself. */
public record BatchSubmission(List<KeyedSubmission> jobs) {
    public BatchSubmission {
        jobs = List.copyOf(jobs);
    }
}
