package io.perigee.cli.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.convert.ForeignOptions;
import io.perigee.cli.job.KeptFile.Kept;
import io.perigee.client.ApiException;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.rest.SubmitRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From a file to a running job. */
@Command(
        name = "submit",
        description = "upload a job's inputs, sign its order and submit it",
        footer = {"", "Example: perigee submit job.yaml --watch        perigee submit --batch jobs/ --yes"})
public final class SubmitCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "JOB.yaml",
            arity = "0..1",
            description = "the job; Axolotl's and LLaMA-Factory's files are read, too")
    private @Nullable Path file;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask before signing")
    private boolean yes;

    @Option(
            names = "--batch",
            paramLabel = "DIR|FILE.jsonl",
            description = "submit every job file of a directory, or a job a line, with one question for all")
    private @Nullable Path batch;

    @Option(names = "--watch", description = "then watch it until it is decided, or with --direct until it is settled")
    private boolean watch;

    @Option(
            names = "--direct",
            description =
                    "settle this order by itself, as soon as it is decided, instead of by epoch: dearer and sooner")
    private boolean direct;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "the same key never makes a second job (default: the order's job id)")
    private @Nullable String key;

    @Mixin
    private ForeignOptions foreign = new ForeignOptions();

    SubmitCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (batch != null) {
            return many(batch);
        }
        if (file == null) {
            throw new ParameterException(command.commandLine(), "Missing required parameter: 'JOB.yaml'");
        }
        var spec = JobFile.resolve(new Uploads(session), file, foreign);
        session.requireConfirmedMoney();
        try (var kept =
                Submissions.open(session.configuration().home(), session.clock().instant())) {
            var asked = Asked.of(session, spec, direct, key).digest();
            var submission = kept.claim(asked).map(this::again).orElseGet(() -> signed(spec, asked, kept));
            var job = submit(submission, kept);
            return end(job, submission.request().order());
        }
    }

    private KeyedSubmission again(KeyedSubmission before) {
        session.say("  job %s was signed before and got no answer: the same order is sent again"
                .formatted(before.request().order().jobId()));
        return before;
    }

    private KeyedSubmission signed(ObjectNode spec, ContentId asked, Submissions kept) {
        var quoted = session.builder().quote(spec);
        var quote = direct ? quoted.direct() : quoted;
        var order = quote.order();
        if (!session.json()) {
            Plan.lines(session, Session.shown(quote)).forEach(session::say);
        }
        session.confirm(
                yes || session.json(),
                "Sign this order for at most %s?".formatted(session.money().of(order.maxPayment())));
        var submission = new KeyedSubmission(
                key == null ? order.jobId().toString() : key,
                new SubmitRequest(quote.spec(), order, new SignedOrders(session).sign(quote)));
        kept.keep(List.of(new Kept(asked, submission)));
        return submission;
    }

    private int end(JobView job, JobOrder order) {
        if (watch) {
            told(job, order);
            return new Following(session, job.id(), Until.of(order)).follow(Duration.ofDays(1));
        }
        session.answer(job, () -> told(job, order));
        if (!session.json()) {
            next(job);
        }
        return ExitCode.DONE;
    }

    private int many(Path jobs) {
        if (file != null || watch || key != null) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected --batch without JOB.yaml, --watch and --idempotency-key, but they are of one job",
                    "Watch a job of the batch by its id; each job's key is its order's job id");
        }
        return new BatchRun(session, direct, waits()).submit(BatchFiles.read(jobs, foreign), yes);
    }

    private JobView submit(KeyedSubmission submission, Submissions kept) {
        var order = submission.request().order();
        try {
            var job = waits().forDeposit(
                            () -> isAllotted(order), () -> session.builder().submit(submission));
            kept.answered();
            return job;
        } catch (ApiException fault) {
            if (BatchLine.isAnswer(fault)) {
                kept.answered();
                throw fault;
            }
            throw unknown(order, fault.problem());
        }
    }

    private static ApiException unknown(JobOrder order, Problem problem) {
        return new ApiException(new Problem(
                problem.type(),
                problem.title(),
                problem.status(),
                problem.code(),
                "%s; whether job %s was made is not known".formatted(problem.detail(), order.jobId()),
                "The same command again sends the same order, and makes no second job",
                problem.retryable(),
                problem.traceId(),
                problem.violations()));
    }

    private boolean isAllotted(JobOrder order) {
        return session.chain().balances(session.wallet().address()).allotted().covers(order.maxPayment());
    }

    private Waits waits() {
        return new Waits(session);
    }

    private void told(JobView job, JobOrder order) {
        var ink = session.ink();
        session.say("  %s signed     order %s"
                .formatted(ink.done(), ink.dim(order.digest(session.domain()).value())));
        session.say(
                "  %s submitted  job %s".formatted(ink.done(), ink.bold(job.id().toString())));
    }

    private void next(JobView job) {
        session.say("");
        session.say("  " + session.ink().dim("next: ") + "perigee watch " + job.id());
        session.say("");
    }
}
