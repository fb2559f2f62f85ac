package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.client.ApiException;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.rest.SubmissionAnswer;
import java.util.List;
import java.util.Set;

/** What became of a job of a batch, as programs read it. */
record BatchLine(String name, SubmissionAnswer answer) {
    private static final int NONE = 0;
    private static final int SERVER = 500;

    /** Said before the order itself was looked at, which an earlier try may have brought here. */
    private static final Set<String> OF_THE_CALLER =
            Set.of(ErrorCode.UNAUTHENTICATED.name(), ErrorCode.FORBIDDEN.name());

    boolean isTaken() {
        return answer.problem() == null;
    }

    /** False where the hub may have taken it all the same. */
    boolean isAnswered() {
        var problem = answer.problem();
        return problem == null || isAnswer(problem);
    }

    /** Whether it is the hub's word on an order, and no failure to hear it. */
    static boolean isAnswer(ApiException fault) {
        return isAnswer(fault.problem());
    }

    private static boolean isAnswer(Problem problem) {
        return problem.status() > NONE
                && problem.status() < SERVER
                && !problem.retryable()
                && !OF_THE_CALLER.contains(problem.code());
    }

    static int exit(List<BatchLine> lines) {
        if (!lines.stream().allMatch(BatchLine::isAnswered)) {
            return ExitCode.UNREACHABLE;
        }
        long taken = lines.stream().filter(BatchLine::isTaken).count();
        if (taken == lines.size()) {
            return ExitCode.DONE;
        }
        return taken == 0 ? ExitCode.REFUSED : ExitCode.PARTIAL;
    }
}
