package io.perigee.devstack.demo;

import io.perigee.cli.view.Ink;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Terminal;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.result.RunEvidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** What the demo prints at its end. */
final class DemoSummary {
    private final Terminal terminal;
    private final Ink ink;

    DemoSummary(Terminal terminal) {
        this.terminal = terminal;
        this.ink = new Ink(terminal);
    }

    void show(Outcome outcome) {
        line("");
        line(ink.bold("What happened"));
        runs(outcome);
        verdict(outcome);
        payment(outcome);
        balances(outcome);
        line("");
        HeldOut.read(outcome.results())
                .ifPresent(held -> line(String.format(
                        Locale.ROOT,
                        "  held out   loss %.4f before, %.4f after: %.1f %% lower; perplexity %.1f before, %.1f after (%d rows)",
                        held.lossBefore(),
                        held.lossAfter(),
                        held.fell(),
                        held.perplexityBefore(),
                        held.perplexityAfter(),
                        held.rows())));
        line("  adapter    " + shown(outcome.adapter()) + size(outcome.adapter()));
        line("  proof      " + shown(outcome.results())
                + (outcome.proven() ? "  holds, checked offline" : "  does not hold"));
    }

    private void runs(Outcome outcome) {
        var table = new Table(ink, "", "sealed border", "seal", "opened root", "");
        var payable = outcome.bundle().payable();
        payable.winners().forEach(run -> table.row(cells(outcome, run, ink.good("agrees"))));
        payable.contradictors().forEach(run -> table.row(cells(outcome, run, ink.bad("contradicts"))));
        table.lines("  ").forEach(this::line);
    }

    private static String[] cells(Outcome outcome, RunEvidence run, String verdict) {
        return new String[] {
            outcome.name(run),
            Integer.toString(run.commitment().toBorder()),
            Words.brief(run.commitment().seal().value()),
            Words.brief(run.opening().root().value()),
            verdict
        };
    }

    private void verdict(Outcome outcome) {
        var payable = outcome.bundle().payable();
        line("");
        line("  verdict    %s: %d owners opened the same root %s"
                .formatted(
                        String.valueOf(outcome.job().outcome()).toLowerCase(Locale.ROOT),
                        payable.winners().size(),
                        payable.winners().isEmpty()
                                ? ""
                                : payable.winners().getFirst().opening().root()));
        for (RunEvidence run : payable.contradictors()) {
            String name = outcome.name(run);
            Amount lost = outcome.lost(run);
            line("  %s    %s (owner %s) opened another root, earns nothing and loses its bond of %s"
                    .formatted(ink.bad("cheater"), name, run.assignment().owner(), money(outcome, lost)));
        }
    }

    private void payment(Outcome outcome) {
        for (var mined : outcome.transactions()) {
            line("  settled    %s  block %d, %s gas"
                    .formatted(mined.hash(), mined.block(), Words.count(mined.gasUsed())));
        }
    }

    private void balances(Outcome outcome) {
        line("");
        var table = new Table(ink, "", ">before", ">after", ">change");
        for (Map.Entry<String, Amount> each : outcome.before().byHolder().entrySet()) {
            Amount after = outcome.after().byHolder().getOrDefault(each.getKey(), Amount.ZERO);
            table.row(
                    each.getKey(),
                    plain(outcome, each.getValue()),
                    plain(outcome, after),
                    change(outcome, each.getValue(), after));
        }
        table.row(
                "in all",
                plain(outcome, outcome.before().total()),
                plain(outcome, outcome.after().total()),
                outcome.balanced() ? ink.good("adds up to the unit") : ink.bad("does not add up"));
        table.lines("  ").forEach(this::line);
    }

    /** How long it took, and what it held. */
    void times(Outcome outcome) {
        line("");
        var parts = new StringBuilder();
        outcome.seconds()
                .forEach((name, seconds) -> parts.append(String.format(Locale.ROOT, "%s %.1f s, ", name, seconds)));
        line("  time       %s in all %s".formatted(parts, String.format(Locale.ROOT, "%.1f s", outcome.total())));
        line("  memory     %,d MB resident at the highest moment, all processes and containers together"
                .formatted(outcome.memory().total() / 1_000_000));
        line("             " + outcome.memory());
        line("");
        line(
                outcome.asPromised()
                        ? ink.good("Everything went as promised.")
                        : ink.bad("Something did not go as promised; read the logs."));
        terminal.out().flush();
    }

    private String change(Outcome outcome, Amount before, Amount after) {
        return switch (Integer.signum(after.compareTo(before))) {
            case 0 -> "";
            case 1 -> "+" + plain(outcome, after.minus(before));
            default -> "-" + plain(outcome, before.minus(after));
        };
    }

    private static String plain(Outcome outcome, Amount amount) {
        return amount.toTokens(outcome.hub().tokenDecimals());
    }

    private static String money(Outcome outcome, Amount amount) {
        return Words.money(amount, outcome.hub().tokenDecimals(), outcome.hub().tokenSymbol());
    }

    private static String size(Path file) {
        try {
            return Files.exists(file) ? "  " + Words.bytes(Files.size(file)) : "  is missing";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    }

    private void line(String text) {
        terminal.out().println(text);
        terminal.out().flush();
    }
}
