package io.perigee.cli.provider;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.rest.ProviderWhy;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Why a provider got the work it got. */
@Command(
        name = "why",
        description = "say which jobs of the last day a provider of yours got, which not, and why",
        footer = {"", "Example: perigee provider why 0x1234..."})
final class WhyCommand implements Callable<Integer> {
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("price", "others were cheaper"),
            Map.entry("price.max", "it asks more than the builder pays at most"),
            Map.entry("placement.excludeOwners", "its owner is the builder, or excluded"),
            Map.entry("placement.numericClass", "it does not run the numeric class"),
            Map.entry("placement.regions", "it is in another region"),
            Map.entry("placement.minReputation", "its reputation is too low"),
            Map.entry("resources.gpu", "it has no such GPUs"),
            Map.entry("resources.cpu", "it lends fewer processors"),
            Map.entry("resources.memory", "it lends less memory"),
            Map.entry("estimate.memory", "it has less memory than a run needs"),
            Map.entry("resources.disk", "it lends less disk"),
            Map.entry("stake", "too little free stake for the bond"),
            Map.entry("registration", "it is not registered on chain"),
            Map.entry("sessionKey", "its session key was not good for the lease"),
            Map.entry("record", "its owner was proven wrong less than 90 days before, or in doubt too often"),
            Map.entry("declined", "it declined work less than 5 minutes before"),
            Map.entry("slots", "it lends no slot"),
            Map.entry("busy", "it was busy with other jobs"),
            Map.entry("verification.auditors", "too few others could have audited it"));

    private final Session session;

    @Parameters(paramLabel = "PROVIDER", description = "the provider's id")
    private String id = "";

    WhyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var why = session.builder().why(ProviderId.parse(id));
        session.answer(why, this::show);
        return ExitCode.DONE;
    }

    private void show(ProviderWhy why) {
        var ink = session.ink();
        session.say("");
        if (!why.online()) {
            session.say("  it is offline: jobs are looked at with the offer it has when it is online");
            session.say("");
            return;
        }
        session.say("  of %s jobs placed in the last 24 hours it got %s"
                .formatted(
                        ink.bold((why.all() ? "" : "the newest ") + why.seen()),
                        ink.bold(Integer.toString(why.matched()))));
        session.say("");
        if (!why.lost().isEmpty()) {
            var table = new Table(ink, "why it got no more, by its offer of now", ">jobs", "");
            why.lost()
                    .forEach(lost -> table.row(
                            WORDS.getOrDefault(lost.constraint(), lost.constraint()),
                            Integer.toString(lost.jobs()),
                            ink.dim(lost.constraint())));
            table.lines("  ").forEach(session::say);
            session.say("");
        }
        var at = why.atPrice();
        if (at != null) {
            session.say("  at %s per %s it would have got %s more"
                    .formatted(session.money().of(at.price()), words(at.per()), ink.good(Integer.toString(at.jobs()))));
            session.say("");
        }
    }

    private static String words(ProviderWhy.PricePer per) {
        return switch (per) {
            case MILLION_TOKENS -> "1M tokens";
            case HOUR -> "hour";
        };
    }
}
