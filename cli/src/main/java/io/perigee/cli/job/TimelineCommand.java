package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.TimelineEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A job's moves. */
@Command(
        name = "timeline",
        description = "show every move of a job: when, who, why",
        footer = {"", "Example: perigee timeline 01a217d8-b63f-70d6-b596-f1ba23ce22f8 --links"})
public final class TimelineCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "the job's id")
    private String id = "";

    @Option(names = "--links", description = "show the hashes and transactions too")
    private boolean links;

    TimelineCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var entries = session.builder().timeline(JobId.parse(id));
        session.answer(entries, this::show);
        return ExitCode.DONE;
    }

    private void show(List<TimelineEntry> entries) {
        var ink = session.ink();
        session.say("");
        var table = new Table(ink, ">after", "who", "what", "");
        for (var entry : entries) {
            var since = Duration.between(entries.getFirst().at(), entry.at());
            var cause = entry.cause() == null ? "" : ink.warn("(%s) ".formatted(entry.cause()));
            table.row("+" + Words.duration(since), ink.dim(entry.actor()), entry.kind(), cause + entry.detail());
            if (links && !entry.links().isEmpty()) {
                table.row(
                        "",
                        "",
                        "",
                        ink.dim(entry.links().entrySet().stream()
                                .sorted(java.util.Map.Entry.comparingByKey())
                                .map(link -> link.getKey() + " " + link.getValue())
                                .collect(Collectors.joining(", "))));
            }
        }
        table.lines("  ").forEach(session::say);
        session.say("");
    }
}
