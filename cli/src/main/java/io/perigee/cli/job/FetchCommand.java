package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.artifact.TransferLine;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The result and its proof. */
@Command(
        name = "fetch",
        description = "download a job's result and the proof of it",
        footer = {"", "Example: perigee fetch 01a217d8-b63f-70d6-b596-f1ba23ce22f8 --to result"})
public final class FetchCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "the job's id")
    private String id = "";

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "where to")
    private Path target = Path.of(".");

    @Option(names = "--checkpoint", description = "the last checkpoint too, for training on")
    private boolean checkpoint;

    FetchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var job = JobId.parse(id);
        var bundle = session.builder().bundle(job);
        requireMeant(job, bundle.bundle());
        try {
            Files.createDirectories(target);
            Files.write(
                    target.resolve(Fetched.BUNDLE),
                    Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(bundle.bundle()));
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected to write into '%s', but %s".formatted(target, e.getMessage()),
                    "Check the directory");
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("bundle", target.resolve(Fetched.BUNDLE).toString());
        session.say("  %s proof      %s".formatted(session.ink().done(), target.resolve(Fetched.BUNDLE)));
        if (bundle.outputs() != null) {
            download(bundle.outputs(), "outputs");
            document.put("outputs", target.resolve(Fetched.OUTPUTS).toString());
        }
        if (checkpoint && bundle.checkpoint() != null) {
            download(bundle.checkpoint(), Fetched.CHECKPOINT);
            document.put("checkpoint", target.resolve(Fetched.CHECKPOINT).toString());
        }
        session.answer(document, () -> {
            session.say("");
            session.say("  " + session.ink().dim("next: ") + "perigee verify " + target);
            session.say("");
        });
        return ExitCode.DONE;
    }

    /** A sound proof of something else proves nothing of this job. */
    private void requireMeant(JobId job, Bundle bundle) {
        var order = bundle.order();
        requireSame("job", job, order.jobId());
        requireSame("builder", session.wallet().address(), order.builder());
        requireSame("hub", session.hub().hub(), order.hub());
        requireSame("chain", session.domain().chainId(), bundle.domain().chainId());
        requireSame("escrow", session.domain().escrow(), bundle.domain().escrow());
        new SignedOrders(session)
                .kept(job)
                .ifPresent(kept -> requireSame("order", kept, order.digest(bundle.domain())));
    }

    private void requireSame(String what, Object meant, Object found) {
        if (!meant.equals(found)) {
            throw new Refusal(
                    ErrorCode.ORDER_MISMATCH,
                    "Expected the proof of job '%s' to be of %s %s, but it is of %s; nothing was written"
                            .formatted(id, what, meant, found),
                    "Do not use this hub, or ask its operator");
        }
    }

    private void download(ContentId content, String name) {
        try (var line = new TransferLine(session, name)) {
            session.builder().artifacts().downloadDirectory(content, target.resolve(name), line);
            line.done();
        }
    }
}
