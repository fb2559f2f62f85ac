package io.perigee.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.cli.ExitCode;
import io.perigee.devstack.demo.User;
import io.perigee.protocol.rest.EpochState;
import io.perigee.testkit.process.Await;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The hub posts an epoch, shows nobody its lines, and stops for good. Anybody's watchdog makes it void. */
class WithheldST {
    @Test
    void shouldVoidTheEpochAndMakeEverybodyWholeWhenTheHubStopsWithItsLinesWithheld() {
        try (Town town = Town.byEpoch("withheld")) {
            // given
            var watcher = watcher(town);
            var before = town.books();
            var allotted = amount(town.builder, "allotted");
            String id = town.submitByEpoch();
            var owners = Owner.awaitCommitted(town);
            town.awaitPlanned(id);
            int epoch = Objects.requireNonNull(town.job(id).epoch(), "a job that its epoch pays")
                    .number();
            town.forwardToPosting(id);
            Await.until(
                    Town.PATIENCE,
                    () -> town.epochs().stream().anyMatch(seen -> seen.state() == EpochState.POSTED),
                    () -> "Expected epoch %d to be posted, but there is %s".formatted(epoch, town.epochs()));
            List.of("settlement", "scheduler", "api").forEach(town.stack::kill);

            // when: within the last half window for demands, then past the last moment for an answer
            var free = amount(watcher, "free");
            long window = town.stack.options().window().toSeconds();
            town.stack.ledger().forwardTo((epoch + 2) * window + window / 2 + 2);
            assertThat(events(watcher)).contains("demanded");
            town.stack.ledger().forwardTo((epoch + 4) * window + 1);
            assertThat(events(watcher)).contains("lapsed");
            long opening = owners.getFirst().opening().getEpochSecond();
            town.stack.ledger().forwardTo(opening + 1);
            owners.forEach(Owner::settleDirect);
            town.stack.ledger().forwardTo(opening + 1 + 3 * window);
            owners.forEach(Owner::claim);

            // then
            var after = town.books();
            var due = BigInteger.ZERO;
            for (Owner owner : owners) {
                assertThat(before.change(after, owner.name()))
                        .as("what %s was paid", owner)
                        .isEqualTo(owner.price());
                due = due.add(owner.price());
            }
            assertThat(allotted.subtract(amount(town.builder, "allotted")))
                    .as("what the builder paid")
                    .isEqualTo(due);
            assertThat(amount(watcher, "free").subtract(free))
                    .as("half of the settler's bond of ten tokens")
                    .isEqualTo(BigInteger.valueOf(5_000_000));
            assertThat(before.change(after, "burned")).as("the other half").isEqualTo(BigInteger.valueOf(5_000_000));
            assertThat(after.stakes()).isEqualTo(before.stakes());
        }
    }

    private static User watcher(Town town) {
        var watcher = new User(town.stack.walletDirectory("watcher"), town.stack.apiUrl());
        watcher.ask("wallet", "create", "--save-password", "--light");
        watcher.ask("faucet", "--amount", "20");
        watcher.ask("deposit", "20", "--no-allot", "--yes");
        return watcher;
    }

    /** Looks once at all epochs, and returns what it did about them. */
    private static List<String> events(User watcher) {
        return watcher.askLines(ExitCode.DONE, "settlement", "watch", "--once", "--yes").stream()
                .map(line -> line.path("event").asText())
                .toList();
    }

    private static BigInteger amount(User user, String key) {
        return new BigInteger(user.ask("balance").path(key).asText());
    }
}
