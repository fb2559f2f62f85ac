package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.convert.ForeignOptions;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Quote;
import java.nio.file.Path;
import java.time.Duration;
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
    /** A second apart. */
    private static final int ALLOTMENT_TRIES = 30;

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
        var spec = JobFile.resolve(session, file, foreign);
        session.requireConfirmedMoney();
        var quoted = session.builder().quote(spec);
        var quote = direct ? quoted.direct() : quoted;
        if (!session.json()) {
            Plan.lines(session, quote).forEach(session::say);
        }
        session.confirm(
                yes || session.json(),
                "Sign this order for at most %s?"
                        .formatted(session.money().of(quote.order().maxPayment())));
        var signature = new SignedOrders(session).sign(quote);
        var job = submit(quote, signature);
        if (watch) {
            told(job, quote);
            return new Following(session, job.id(), Until.of(quote.order())).follow(Duration.ofDays(1));
        }
        session.answer(job, () -> told(job, quote));
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
        return new BatchRun(session, direct, this::rest).submit(BatchFiles.read(jobs, foreign), yes);
    }

    private JobView submit(Quote quote, Signature signature) {
        var idempotencyKey = key == null ? quote.order().jobId().toString() : key;
        return new DepositWait(ALLOTMENT_TRIES, () -> isAllotted(quote), this::rest)
                .until(() -> session.builder().submit(quote, signature, idempotencyKey));
    }

    private boolean isAllotted(Quote quote) {
        return session.chain()
                .balances(session.wallet().address())
                .allotted()
                .covers(quote.order().maxPayment());
    }

    private void rest(int before) {
        if (before == 0 && !session.json()) {
            session.say("  the hub has not seen the deposit yet; waiting");
        }
        try {
            Thread.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Refusal(
                    ErrorCode.TIMED_OUT,
                    "Expected the hub to see the deposit, but waiting was interrupted",
                    "Submit again");
        }
    }

    private void told(JobView job, Quote quote) {
        var ink = session.ink();
        session.say("  %s signed     order %s"
                .formatted(
                        ink.done(),
                        ink.dim(quote.order().digest(session.domain()).value())));
        session.say(
                "  %s submitted  job %s".formatted(ink.done(), ink.bold(job.id().toString())));
    }

    private void next(JobView job) {
        session.say("");
        session.say("  " + session.ink().dim("next: ") + "perigee watch " + job.id());
        session.say("");
    }
}
