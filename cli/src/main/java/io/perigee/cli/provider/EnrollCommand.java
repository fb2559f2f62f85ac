package io.perigee.cli.provider;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.SessionKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets an agent work for a hub in the owner's name. */
@Command(
        name = "enroll",
        description = "register, stake, and let the agent in a directory work for the hub in your name",
        footer = {"", "Example: perigee provider enroll --agent-home ~/.perigee/agent --name attic --stake 100"})
final class EnrollCommand implements Callable<Integer> {
    /** Serials count minutes from here, so a later key has a larger one. */
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration SLACK = Duration.ofMinutes(5);

    private final Session session;

    @Option(names = "--agent-home", paramLabel = "DIR", required = true, description = "the agent's directory")
    private Path home = Path.of(".");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "your name for the machine (default ${DEFAULT-VALUE})")
    private String name = "default";

    @Option(names = "--stake", paramLabel = "TOKENS", description = "raise your stake to this much")
    private @Nullable String stake;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "90",
            description = "how long the agent's key is good (default ${DEFAULT-VALUE})")
    private int days = 90;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    EnrollCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var wallet = session.wallet();
        var facts = session.hub();
        var keys = new AgentKeys(home, session.terminal());
        var registration = new Registration(session);
        var provider = registration.provider(name);
        if (stake != null) {
            registration.stakeUpTo(Amount.ofTokens(stake, session.money().decimals()));
        }
        registration.send(
                yes,
                "Let the agent in %s work for hub %s in the name of %s?"
                        .formatted(
                                home,
                                Words.brief(facts.hub().value()),
                                Words.brief(wallet.address().value())));
        var key = sessionKey(provider, keys);
        var enrolment = new Enrolment(
                key,
                wallet.sign(key.digest(session.domain())),
                session.configuration().hub().toString(),
                facts.chainId(),
                facts.escrow());
        keys.write(enrolment);
        report(provider, key, keys);
        return ExitCode.DONE;
    }

    private SessionKey sessionKey(ProviderId provider, AgentKeys keys) {
        var now = session.clock().instant();
        int before = keys.enrolment()
                .filter(old -> old.sessionKey().provider().equals(provider))
                .map(old -> old.sessionKey().serial())
                .orElse(0);
        int serial = Math.max(before + 1, (int) Duration.between(EPOCH, now).toMinutes());
        return new SessionKey(
                session.wallet().address(),
                provider,
                keys.key(session.random()),
                session.hub().hub(),
                Math.max(serial, 1),
                now.minus(SLACK).getEpochSecond(),
                now.plus(Duration.ofDays(days)).getEpochSecond());
    }

    private void report(ProviderId provider, SessionKey key, AgentKeys keys) {
        var document = new LinkedHashMap<String, Object>();
        document.put("provider", provider);
        document.put("owner", key.owner());
        document.put("sessionKey", key);
        document.put("enrolment", keys.enrolmentFile().toString());
        session.answer(document, () -> {
            var ink = session.ink();
            session.say("  %s enrolled   key %s for %d days, serial %d"
                    .formatted(ink.done(), Words.brief(key.key().value()), days, key.serial()));
            session.say("    %s".formatted(keys.enrolmentFile()));
        });
    }
}
