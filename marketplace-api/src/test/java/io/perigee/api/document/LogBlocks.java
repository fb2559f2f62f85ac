package io.perigee.api.document;

import io.perigee.api.document.ExampleFacts.Told;
import io.perigee.api.projection.Story;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.command.Command;
import io.perigee.protocol.fact.BodyTypes;
import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.ProgressView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Facts and commands as they stand on the log, and what a builder is told of them as server-sent events. */
final class LogBlocks {
    private final Meanings meanings;
    private final FieldTables tables;
    private final List<Told> told = ExampleFacts.all();

    LogBlocks(Meanings meanings, FieldTables tables) {
        this.meanings = meanings;
        this.tables = tables;
        var names = told.stream().map(LogBlocks::name).toList();
        var missing = BodyTypes.names().stream()
                .filter(name -> !names.contains(name))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("Expected an example of every fact and command, but not of " + missing);
        }
    }

    Map<String, String> all() {
        var blocks = new TreeMap<String, String>();
        blocks.put("facts", list(one -> !(one.body() instanceof Command)));
        blocks.put("commands", list(one -> one.body() instanceof Command));
        blocks.put("type Payout", tables.table("Payout", Payout.class));
        blocks.put("type Burn", tables.table("Burn", Burn.class));
        blocks.put("type NoMatchReason", tables.table("NoMatchReason", NoMatchReason.class));
        blocks.put("type ModelShape", tables.table("ModelShape", ModelShape.class));
        blocks.put("event stream", stream());
        blocks.put("events", events());
        return blocks;
    }

    private String list(Predicate<Told> wanted) {
        var chosen = told.stream()
                .filter(wanted)
                .sorted(Comparator.comparing(LogBlocks::name))
                .toList();
        var rows = chosen.stream()
                .map(one -> {
                    var entry = meanings.of("Log", name(one));
                    return "| `%s` | %s | %s | %s |"
                            .formatted(
                                    name(one),
                                    entry.bound(),
                                    entry.meaning(),
                                    tables.brief(one.body().getClass()));
                })
                .collect(Collectors.joining("\n"));
        return "| Type | From | Says | Body |\n| --- | --- | --- | --- |\n%s\n\n%s"
                .formatted(
                        rows,
                        chosen.stream()
                                .map(one -> folded(
                                        name(one), Json.parse(one.envelope().toJson())))
                                .collect(Collectors.joining("\n\n")));
    }

    // ---- events

    private String stream() {
        return "```text\n%s\n%s\n: alive\n\n```"
                .formatted(wire(event(2, "JobFunded")), wire(event(5, "AttemptStarted")));
    }

    /** As the front door writes it, field by field. */
    private static String wire(JobEvent event) {
        return "content-type:text/plain\nid:%d\nevent:%s\ndata:%s\n"
                .formatted(event.seq(), event.kind(), Json.text(event));
    }

    private String events() {
        var seq = new int[] {0};
        var examples = told.stream()
                .filter(one -> one.body() instanceof JobFact)
                .map(one -> folded(name(one), Json.tree(event(++seq[0], name(one)))))
                .collect(Collectors.joining("\n\n"));
        var progress = new ProgressView(
                0,
                5,
                24,
                0,
                Decimal.parse("3.41972"),
                Decimal.parse("0.002"),
                Decimal.parse("1.08331"),
                Decimal.parse("1210"),
                4,
                ExampleJob.at(20));
        var event = new JobEvent(++seq[0], "progress", ExampleJob.at(20), Json.tree(progress));
        return examples + "\n\n" + folded("progress", Json.tree(event));
    }

    private JobEvent event(int seq, String kind) {
        var one = told.stream()
                .filter(candidate -> name(candidate).equals(kind))
                .findFirst()
                .orElseThrow();
        return new JobEvent(seq, kind, ExampleJob.at(one.second()), Story.data((JobFact) one.body()));
    }

    private static String name(Told one) {
        return BodyTypes.nameOf(one.body().getClass());
    }

    private static String folded(String title, Object json) {
        return "<details><summary><code>%s</code></summary>\n\n%s\n\n</details>"
                .formatted(title, PrettyJson.fenced(json));
    }
}
