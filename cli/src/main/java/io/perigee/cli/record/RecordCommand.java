package io.perigee.cli.record;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.RecordView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What an address has shown as a builder and as an owner. */
@Command(
        name = "record",
        description = "show what you, or another builder or owner of providers, have shown on this hub",
        footer = {"", "Example: perigee record        perigee record 0x1234..."})
public final class RecordCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "ADDRESS",
            arity = "0..1",
            description = "whose; without it your own, with the jobs that it rests on")
    private String address = "";

    RecordCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var record = address.isEmpty()
                ? session.builder().record()
                : session.client().record(Address.parse(address));
        session.answer(record, this::show);
        return ExitCode.DONE;
    }

    private void show(RecordView record) {
        var ink = session.ink();
        var builder = record.builder();
        session.say("");
        session.say("  as a builder  fairness %s: %d orders honoured, %d at fault, %d refused in vain"
                .formatted(
                        ink.bold(builder.fairness().toString()),
                        builder.honoured(),
                        builder.faulty(),
                        builder.refused()));
        session.say("  "
                + ink.dim(
                        builder.owners() == 1
                                ? "the first owner that finds a job at fault, or sees it crash, ends it; no payment depends on this"
                                : "%d owners must see a job crash until it ends; no payment depends on this"
                                        .formatted(builder.owners())));
        if (!builder.evidence().isEmpty()) {
            var table = new Table(ink, "order", "ended", "at", ">counts");
            builder.evidence()
                    .forEach(each -> table.row(
                            each.job().toString(), each.kind().name(), each.at().toString(), percent(each.weight())));
            table.lines("  ").forEach(session::say);
        }
        session.say("");
        if (record.owner().isEmpty()) {
            session.say("  as an owner   nothing yet: a newcomer");
        } else {
            var table = new Table(
                    ink, "as an owner of", "class", ">score", ">verified", ">crashed", ">cheated", ">segments drawn");
            record.owner()
                    .forEach(each -> table.row(
                            each.imageFamily(),
                            name(each.numericClass()),
                            each.score().toString(),
                            Integer.toString(each.verified()),
                            Integer.toString(each.crashed()),
                            Integer.toString(each.cheated()),
                            Integer.toString(each.drawn())));
            table.lines("  ").forEach(session::say);
        }
        runs(record);
        session.say("");
    }

    private void runs(RecordView record) {
        for (var field : record.owner()) {
            if (!field.evidence().isEmpty()) {
                session.say("");
                var table = new Table(session.ink(), "run of " + field.imageFamily(), "ended", "at", ">counts");
                field.evidence()
                        .forEach(each -> table.row(
                                "%s attempt %d".formatted(each.job(), each.attempt()),
                                each.kind().name(),
                                each.at().toString(),
                                percent(each.weight())));
                table.lines("  ").forEach(session::say);
            }
        }
    }

    /** The class by which everybody knows it, or its digest. */
    static String name(Digest numericClass) {
        if (numericClass.isZero()) {
            return "none";
        }
        return numericClass.equals(NumericClass.STRICT) ? "strict" : Words.brief(numericClass.value());
    }

    private static String percent(long perMillion) {
        return "%d %%".formatted(Math.round(perMillion / 10_000.0));
    }
}
