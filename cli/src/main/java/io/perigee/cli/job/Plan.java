package io.perigee.cli.job;

import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.rest.Estimate;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.spec.JobSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A quote for people: what will be run, how it is proven, what it costs. */
final class Plan {
    private static final int SHOWN = 5;

    private Plan() {}

    static List<String> lines(Session session, Quote quote) {
        var ink = session.ink();
        var money = session.money();
        var spec = quote.spec();
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("  " + ink.bold(spec.name()) + "  " + ink.dim(what(spec)));
        lines.add("");
        var facts = new Table(ink, "", "");
        facts.row(ink.dim("plan"), work(quote));
        facts.row(
                ink.dim("proof"),
                "%d replicas by distinct owners, %d must agree bit for bit"
                        .formatted(quote.replicas(), quote.quorum()));
        facts.row(
                ink.dim("price"),
                "%s a replica; %s if one more is needed to settle a dispute"
                        .formatted(money.of(quote.pricePerReplica()), money.of(quote.maximum())));
        facts.row(
                ink.dim("limit"),
                ink.bold(money.of(quote.order().maxPayment()))
                        + ", which nothing can exceed: it is in the order you sign");
        facts.row(
                ink.dim("order"),
                "good for %s, paid by evidence on chain %d"
                        .formatted(
                                Words.duration(Duration.ofSeconds(
                                        quote.order().deadline() - quote.order().validAfter())),
                                session.hub().chainId()));
        var estimate = quote.estimate();
        if (estimate != null) {
            facts.row(ink.dim("memory"), memory(estimate));
        }
        lines.addAll(facts.lines("  "));
        lines.add("");
        if (!quote.candidates().isEmpty()) {
            var table = new Table(ink, "offers that fit", "owner", ">price");
            quote.candidates().stream()
                    .limit(SHOWN)
                    .forEach(c -> table.row(
                            Words.brief(c.provider().value()),
                            Words.brief(c.owner().value()),
                            money.of(c.price())));
            lines.addAll(table.lines("  "));
            if (quote.candidates().size() > SHOWN) {
                lines.add("  "
                        + ink.dim("and %d more".formatted(quote.candidates().size() - SHOWN)));
            }
            lines.add("");
        }
        quote.warnings().forEach(warning -> lines.add("  " + ink.notice() + " " + warning));
        if (!quote.warnings().isEmpty()) {
            lines.add("");
        }
        return lines;
    }

    /** The parts that matter, the largest first. */
    private static String memory(Estimate estimate) {
        var memory = estimate.memory();
        var parts = new ArrayList<>(List.of(
                Map.entry("weights", memory.weights()),
                Map.entry("gradients", memory.gradients()),
                Map.entry("optimizer", memory.optimizer()),
                Map.entry("activations", memory.activations()),
                Map.entry("logits", memory.logits()),
                Map.entry("workspace", memory.workspace())));
        parts.sort(Map.Entry.<String, Long>comparingByValue().reversed());
        return "about %s at the peak: %s"
                .formatted(
                        Words.bytes(memory.total()),
                        parts.stream()
                                .limit(3)
                                .map(part -> "%s %s".formatted(part.getKey(), Words.bytes(part.getValue())))
                                .collect(Collectors.joining(", ")));
    }

    private static String what(JobSpec spec) {
        var method = spec.method();
        var how = method == null
                ? ""
                : switch (method.kind()) {
                    case LORA, RSLORA, DORA, QLORA ->
                        ", %s r=%d on %s"
                                .formatted(method.kind().wire(), method.r(), String.join(" ", method.targets()));
                    case FULL -> ", every weight";
                };
        return (spec.trainer().isEmpty() ? "image " + Words.brief(spec.image().hex()) : "trainer " + spec.trainer())
                + how;
    }

    private static String work(Quote quote) {
        var train = quote.spec().train();
        var segments = quote.spec().segments();
        if (train == null) {
            return "one container, all or nothing";
        }
        var borders = segments == null
                ? "all or nothing"
                : "%d segments of %d steps".formatted(quote.borders(), segments.stepsPerSegment());
        return "%d steps of %d x %d tokens = %s tokens; %s"
                .formatted(
                        train.steps(),
                        train.microBatch() * train.gradAccum(),
                        train.seqLen(),
                        Words.count(quote.units()),
                        borders);
    }
}
