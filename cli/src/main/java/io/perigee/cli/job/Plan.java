package io.perigee.cli.job;

import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.spec.JobSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
        facts.row(ink.dim("proof"), Proof.how(quote));
        facts.row(ink.dim("price"), Proof.price(quote, money));
        facts.row(ink.dim("limit"), ink.bold(money.of(quote.order().maxPayment())) + ", " + Proof.limit(quote.order()));
        facts.row(
                ink.dim("order"),
                "good for %s, paid %s on chain %d"
                        .formatted(
                                Words.duration(Duration.ofSeconds(
                                        quote.order().deadline() - quote.order().validAfter())),
                                quote.order().direct() ? "by itself" : "with its epoch's orders",
                                session.hub().chainId()));
        var estimate = quote.estimate();
        if (estimate != null) {
            facts.row(ink.dim("memory"), Outlook.memory(estimate));
            facts.row(ink.dim("needs"), Outlook.required(estimate));
        }
        if (estimate != null && !quote.candidates().isEmpty()) {
            facts.row(ink.dim("time"), Outlook.time(quote.candidates()));
        }
        lines.addAll(facts.lines("  "));
        lines.add("");
        lines.addAll(section(Outlook.whatWouldFit(ink, estimate, spec)));
        lines.addAll(section(offers(session, quote)));
        lines.addAll(section(quote.warnings().stream()
                .map(warning -> "  " + ink.notice() + " " + warning)
                .toList()));
        return lines;
    }

    private static List<String> offers(Session session, Quote quote) {
        var candidates = quote.candidates();
        if (candidates.isEmpty()) {
            return List.of();
        }
        var ink = session.ink();
        var table = new Table(ink, "offers that fit", "owner", ">price", ">one run");
        candidates.stream()
                .limit(SHOWN)
                .forEach(c -> table.row(
                        Words.brief(c.provider().value()),
                        Words.brief(c.owner().value()),
                        session.money().of(c.price()),
                        Outlook.time(c)));
        var lines = new ArrayList<>(table.lines("  "));
        if (candidates.size() > SHOWN) {
            lines.add("  " + ink.dim("and %d more".formatted(candidates.size() - SHOWN)));
        }
        return lines;
    }

    /** Apart from what follows. */
    private static List<String> section(List<String> lines) {
        var section = new ArrayList<>(lines);
        if (!lines.isEmpty()) {
            section.add("");
        }
        return section;
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
