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
import java.util.List;
import java.util.Optional;

/** A provider's owner who has what the agent kept, and the chain. */
record Owner(Town town, String name) {

    /** Waits until a quorum of two has sealed the whole, with the hub's receipts, and returns their owners. */
    static List<Owner> awaitCommitted(Town town) {
        var all = town.stack.options().agents().stream()
                .map(agent -> new Owner(town, agent.name()))
                .toList();
        Await.until(
                Town.PATIENCE,
                () -> all.stream().filter(Owner::committed).count() == 2,
                () -> "Expected two providers to be committed, but there are "
                        + all.stream().filter(Owner::committed).toList());
        return all.stream().filter(Owner::committed).toList();
    }

    private boolean committed() {
        return evidence()
                .filter(run -> run.furthest().receipted()
                        && run.furthest().border() == run.assignment().toBorder())
                .isPresent();
    }

    /** When the escrow takes the run: asked before that, so that nothing is sent yet. */
    Instant opening() {
        var looked = user().askLines(
                        ExitCode.STILL_RUNNING,
                        "settle-direct",
                        "--agent-home",
                        agentHome().toString());
        return Instant.parse(looked.getFirst().path("runs").path(0).path("from").asText());
    }

    /** Opens the run on chain, in one transaction. */
    void settleDirect() {
        JsonNode opened =
                user().ask("settle-direct", "--agent-home", agentHome().toString());
        assertThat(opened.path("transactions")).hasSize(1);
    }

    void claim() {
        user().ask("claim");
    }

    /** What the hub promised for the run. */
    BigInteger price() {
        return evidence().orElseThrow().assignment().price().value();
    }

    private User user() {
        return new User(town.stack.walletDirectory(name), town.stack.apiUrl());
    }

    private Path agentHome() {
        return town.stack.agentHome(name);
    }

    private Optional<KeptEvidence> evidence() {
        var directory = agentHome().resolve("evidence");
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

    @Override
    public String toString() {
        return name;
    }
}
