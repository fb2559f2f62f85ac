package io.perigee.protocol.rest;

import java.util.List;

/**
 * What became of a batch.
 *
 * @param answers one for each job, in the order of the jobs
 */
public record BatchAnswer(List<SubmissionAnswer> answers) {
    public BatchAnswer {
        answers = List.copyOf(answers);
    }
}
