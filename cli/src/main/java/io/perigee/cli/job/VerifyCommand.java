package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Ink;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.BundleVerifier;
import io.perigee.protocol.result.Check;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The proof, checked with nothing but the proof. */
@Command(
        name = "verify",
        description = "check a fetched result offline: signatures, seals, roots, agreement, files",
        footer = {
            "",
            "A sound proof is of some order. Which one is meant is known where the job was submitted; elsewhere name it, or "
                    + "its builder. What was not checked is said.",
            "Example: perigee verify result        perigee verify result --builder 0x1234..."
        })
public final class VerifyCommand implements Callable<Integer> {
    private static final String ATTEMPT = "attempt ";

    private final Session session;

    @Parameters(paramLabel = "DIR", description = "what 'perigee fetch' wrote")
    private Path directory = Path.of(".");

    @Option(names = "--order", paramLabel = "HASH", description = "the order that is meant, as submit showed it")
    private @Nullable String order;

    @Option(names = "--builder", paramLabel = "ADDRESS", description = "who should have signed the order")
    private @Nullable String builder;

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var fetched = Fetched.open(directory);
        var meant = meant(fetched.bundle());
        var checks = new ArrayList<>(meant.checks(fetched.bundle()));
        checks.addAll(BundleVerifier.verify(fetched.bundle()));
        checks.addAll(fetched.files());
        boolean holds = checks.stream().allMatch(Check::ok);
        session.answer(Map.of("holds", holds, "checks", checks, "unchecked", meant.unchecked()), () -> {
            show(Session.shown(checks));
            conclude(checks, holds, meant.unchecked());
        });
        return holds ? ExitCode.DONE : ExitCode.PROOF_WRONG;
    }

    private MeantOrder meant(Bundle bundle) {
        return new MeantOrder(
                new SignedOrders(session).kept(bundle.order().jobId()),
                Optional.ofNullable(order).map(Digest::parse),
                Optional.ofNullable(builder).map(Address::parse));
    }

    /** The checks of one attempt stand under it, so that the story reads from top to bottom. */
    private void show(List<Check> checks) {
        var ink = session.ink();
        int widest =
                checks.stream().mapToInt(check -> name(check).length()).max().orElse(0);
        var heading = "";
        session.say("");
        for (var check : checks) {
            var group = group(check);
            if (!group.equals(heading)) {
                heading = group;
                if (!group.isEmpty()) {
                    session.say("  " + ink.bold(group));
                }
            }
            var line = "  %s%s %s  %s"
                    .formatted(
                            group.isEmpty() ? "" : "  ",
                            check.ok() ? ink.done() : ink.failed(),
                            Ink.pad(name(check), widest + (group.isEmpty() ? 2 : 0)),
                            ink.dim(check.detail()));
            session.say(check.ok() ? ink.cut(line, session.terminal().width() - 1) : line);
        }
        session.say("");
    }

    private void conclude(List<Check> checks, boolean holds, List<String> unchecked) {
        var ink = session.ink();
        long wrong = checks.stream().filter(check -> !check.ok()).count();
        session.say(
                holds
                        ? "  %s %s  %d checks, no network used"
                                .formatted(ink.done(), ink.bold(ink.good("the proof holds")), checks.size())
                        : "  %s %s  %d of %d checks failed"
                                .formatted(
                                        ink.failed(),
                                        ink.bold(ink.bad("the proof does not hold")),
                                        wrong,
                                        checks.size()));
        unchecked.forEach(what -> session.say("  %s not checked: %s".formatted(ink.notice(), what)));
        session.say("");
    }

    private static String group(Check check) {
        int colon = check.name().indexOf(": ");
        return check.name().startsWith(ATTEMPT) && colon > 0 ? check.name().substring(0, colon) : "";
    }

    private static String name(Check check) {
        var group = group(check);
        return group.isEmpty() ? check.name() : check.name().substring(group.length() + 2);
    }
}
