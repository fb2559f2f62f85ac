package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Ink;
import io.perigee.protocol.result.BundleVerifier;
import io.perigee.protocol.result.Check;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The proof, checked with nothing but the proof. */
@Command(
        name = "verify",
        description = "check a fetched result offline: signatures, seals, roots, agreement, files",
        footer = {"", "Example: perigee verify result"})
public final class VerifyCommand implements Callable<Integer> {
    private static final String ATTEMPT = "attempt ";

    private final Session session;

    @Parameters(paramLabel = "DIR", description = "what 'perigee fetch' wrote")
    private Path directory = Path.of(".");

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var fetched = Fetched.open(directory);
        var checks = new ArrayList<>(BundleVerifier.verify(fetched.bundle()));
        checks.addAll(fetched.files());
        boolean holds = checks.stream().allMatch(Check::ok);
        session.answer(Map.of("holds", holds, "checks", checks), () -> show(Session.shown(checks), holds));
        return holds ? ExitCode.DONE : ExitCode.PROOF_WRONG;
    }

    /** The checks of one attempt stand under it, so that the story reads from top to bottom. */
    private void show(List<Check> checks, boolean holds) {
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
