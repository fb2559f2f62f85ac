package io.perigee.cli;

import io.perigee.cli.convert.NotTheSame;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.cli.view.Ink;
import io.perigee.cli.view.Table;
import io.perigee.client.ApiException;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.PlainText;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.spec.Violation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Says what went wrong: code, detail, hint; and the violations of a spec as a table. */
final class Faults {
    private final Session session;

    Faults(Session session) {
        this.session = session;
    }

    int report(Exception fault) {
        return switch (fault) {
            case Refusal refusal ->
                say(
                        refusal.code().name(),
                        String.valueOf(refusal.getMessage()),
                        refusal.hint(),
                        List.of(),
                        ExitCode.of(refusal.code()));
            case ApiException api -> report(api);
            case NotTheSame other ->
                say(
                        "NOT_THE_SAME",
                        String.valueOf(other.getMessage()),
                        "change the file, or --accept KEY to leave a key out all the same",
                        other.obstacles(),
                        ExitCode.NOT_THE_SAME);
            case ChainFault chain ->
                say(
                        chain.reason().isEmpty() ? chain.code().name() : chain.reason(),
                        String.valueOf(chain.getMessage()),
                        chain.hint(),
                        List.of(),
                        ExitCode.of(chain.code()));
            case InvalidValue value ->
                say(
                        ErrorCode.MALFORMED.name(),
                        String.valueOf(value.getMessage()),
                        ErrorCode.MALFORMED.hint(),
                        List.of(),
                        ExitCode.REFUSED);
            default -> bug(fault);
        };
    }

    private int report(ApiException fault) {
        Problem problem = fault.problem();
        int exit = fault.code()
                .map(ExitCode::of)
                .orElse(problem.status() >= 500 ? ExitCode.UNREACHABLE : ExitCode.REFUSED);
        return say(problem.code(), problem.detail(), problem.hint(), problem.violations(), exit);
    }

    private int say(String code, String detail, String hint, List<Violation> violations, int exit) {
        var err = session.terminal().err();
        session.terminal().out().flush();
        if (session.json()) {
            var json = Json.mapper()
                    .createObjectNode()
                    .put("code", code)
                    .put("detail", detail)
                    .put("hint", hint)
                    .put("exitCode", exit);
            json.set("violations", Json.tree(violations));
            err.println(Json.text(json));
            return exit;
        }
        var ink = session.errorInk();
        err.println(ink.failed() + " " + ink.bold(PlainText.line(code)) + "  " + PlainText.line(detail));
        if (!violations.isEmpty()) {
            var table = new Table(ink, "where", "expected", "but it is", "hint");
            violations.stream()
                    .map(Session::shown)
                    .forEach(v -> table.row(v.path(), v.expected(), v.actual(), v.hint()));
            table.lines("    ")
                    .forEach(line -> err.println(
                            ink.cut(line, Math.max(session.terminal().width(), 100))));
        }
        if (!hint.isEmpty()) {
            err.println("  " + ink.dim(Ink.pad("hint", 6)) + PlainText.line(hint));
        }
        return exit;
    }

    private int bug(Exception fault) {
        say(
                "BUG",
                "Expected to finish, but %s: %s".formatted(fault.getClass().getSimpleName(), fault.getMessage()),
                "Please report this, with the lines below",
                List.of(),
                ExitCode.BUG);
        var trace = new StringWriter();
        fault.printStackTrace(new PrintWriter(trace));
        session.terminal().err().print(PlainText.of(trace.toString()));
        return ExitCode.BUG;
    }
}
