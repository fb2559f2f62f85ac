package io.perigee.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.ExitCode;
import io.perigee.devstack.demo.User;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The hub stops for good. What its providers kept, and the chain, are enough. */
class HubGoneST {
    @Test
    void shouldPayTheProvidersWhoOpenOnChainWhenTheHubStopsAfterTheCommitments() {
        try (Town town = Town.with(List.of(), "hub-gone")) {
            // given: settlement dies while the work is done, so that nothing of it is on chain, and the rest when it is
            // committed
            var before = town.books();
            String id = town.submit();
            town.awaitUnderWay(id);
            town.stack.kill("settlement");
            var committed = awaitCommitted(town);
            town.stack.kill("scheduler");
            town.stack.kill("api");
            stillTime(town);

            // when
            advanceTo(town, opening(town, committed.getFirst()));
            for (String provider : committed) {
                var opened = owner(town, provider)
                        .ask(
                                "settle-direct",
                                "--agent-home",
                                agentHome(town, provider).toString());
                assertThat(opened.path("transactions")).hasSize(1);
            }
            advanceTo(
                    town,
                    now(town)
                            .plus(town.stack.options().window().multipliedBy(2))
                            .plusSeconds(1));
            committed.forEach(provider -> owner(town, provider).ask("claim"));

            // then
            var after = town.books();
            var due = BigInteger.ZERO;
            for (String provider : committed) {
                var price = evidence(town, provider)
                        .orElseThrow()
                        .assignment()
                        .price()
                        .value();
                assertThat(before.change(after, provider))
                        .as("what %s was paid", provider)
                        .isEqualTo(price);
                due = due.add(price);
            }
            assertThat(before.change(after, "escrow")).isEqualTo(due.negate());
            assertThat(after.stakes()).isEqualTo(before.stakes());
        }
    }

    /** Waits until a quorum of two has sealed the whole, with the hub's receipts. */
    private static List<String> awaitCommitted(Town town) {
        var found = new ArrayList<String>();
        Await.until(
                Town.PATIENCE,
                () -> {
                    found.clear();
                    town.stack.options().agents().stream()
                            .map(agent -> agent.name())
                            .filter(name -> evidence(town, name)
                                    .filter(run -> run.furthest().receipted()
                                            && run.furthest().border()
                                                    == run.assignment().toBorder())
                                    .isPresent())
                            .forEach(found::add);
                    return found.size() == 2;
                },
                () -> "Expected two providers to be committed, but there are " + found);
        return List.copyOf(found);
    }

    /** When the escrow takes the run: asked before that, so that nothing is sent yet. */
    private static Instant opening(Town town, String provider) {
        var looked = owner(town, provider)
                .askLines(
                        ExitCode.STILL_RUNNING,
                        "settle-direct",
                        "--agent-home",
                        agentHome(town, provider).toString());
        return Instant.parse(looked.getFirst().path("runs").path(0).path("from").asText());
    }

    private static User owner(Town town, String provider) {
        return new User(town.stack.walletDirectory(provider), town.stack.apiUrl());
    }

    private static Path agentHome(Town town, String provider) {
        return town.stack.agentHome(provider);
    }

    private static Optional<KeptEvidence> evidence(Town town, String provider) {
        var directory = agentHome(town, provider).resolve("evidence");
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (var files = Files.list(directory)) {
            var file = files.filter(path -> path.toString().endsWith(".json")).findFirst();
            return file.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Json.read(Files.readAllBytes(file.get()), KeptEvidence.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- the chain's time

    /** From now on a block comes with each transaction, a second after the one before it: W is only four. */
    private static void stillTime(Town town) {
        town.stack.ledger().anvil().call("evm_setIntervalMining", 0);
        town.stack.ledger().anvil().call("evm_setAutomine", true);
        town.stack.ledger().anvil().call("anvil_setBlockTimestampInterval", 1);
    }

    private static void advanceTo(Town town, Instant instant) {
        if (now(town).isBefore(instant)) {
            town.stack.ledger().anvil().call("evm_setNextBlockTimestamp", instant.getEpochSecond());
            town.stack.ledger().anvil().call("evm_mine");
        }
    }

    private static Instant now(Town town) {
        JsonNode block = town.stack.ledger().anvil().call("eth_getBlockByNumber", "latest", false);
        return Instant.ofEpochSecond(Long.decode(block.path("timestamp").asText()));
    }
}
