package io.perigee.protocol.rest;

import io.perigee.protocol.id.JobId;
import org.jspecify.annotations.Nullable;

/**
 * What became of one job of a batch.
 *
 * @param status what the same job sent alone would have been answered with: 201, or that of its problem
 * @param key the job's, where it has one
 * @param replayed whether the key had made this job before
 * @param id of the job; null when it was refused
 * @param problem why it was refused; null when it was taken
 */
public record SubmissionAnswer(
        int status,
        @Nullable String key,
        boolean replayed,
        @Nullable JobId id,
        @Nullable Problem problem) {
    public SubmissionAnswer {
        if ((id == null) == (problem == null)) {
            throw new IllegalArgumentException("Expected a job or a problem, but got both or neither");
        }
    }

    public static SubmissionAnswer taken(String key, JobId id, boolean replayed) {
        return new SubmissionAnswer(201, key, replayed, id, null);
    }

    public static SubmissionAnswer refused(@Nullable String key, Problem problem) {
        return new SubmissionAnswer(problem.status(), key, false, null, problem);
    }
}
