package io.perigee.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** A bearer token, for another program or the API's own page. */
@Command(
        name = "token",
        description = "log in with the wallet and print a bearer token; whoever has it acts for you",
        footer = {
            "",
            "The hub takes it as 'Authorization: Bearer TOKEN' until it runs out, for jobs and files, never for your money.",
            "Example: perigee token        perigee token --json"
        })
final class TokenCommand implements Callable<Integer> {
    private final Session session;

    TokenCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.hub();
        var view = session.client().session(session.wallet());
        session.answer(view, () -> session.say(view.token()));
        if (session.terminal().interactive() && !session.json()) {
            var ink = session.errorInk();
            session.terminal()
                    .err()
                    .println("  %s a secret until %s: keep it out of files and chats"
                            .formatted(ink.notice(), view.expiresAt()));
        }
        return ExitCode.DONE;
    }
}
