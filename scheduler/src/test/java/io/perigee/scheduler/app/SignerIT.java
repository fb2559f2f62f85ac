package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.signer.SignerServer;
import io.perigee.testkit.signer.SignerServer.Manner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub whose key is in a remote signer. */
class SignerIT {
    private static final SampleProvider A = SampleProvider.of("a");
    private static final SampleProvider B = SampleProvider.of("b");

    private LiveMarket market;
    private SignerServer signer;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        market = new LiveMarket(directory);
        signer = SignerServer.start(
                "secret", Keystore.write(Parties.HUB, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
        var draw = directory.resolve("draw-secret");
        Files.writeString(draw, "5e".repeat(32) + "\n");
        market.unset("perigee.scheduler.hub-key-file");
        market.unset("perigee.scheduler.hub-key-password-file");
        market.set("perigee.scheduler.signer-url", signer.url().toString());
        market.set("perigee.scheduler.signer-timeout", "3s");
        market.set("perigee.scheduler.draw-secret-file", draw.toString());
    }

    @AfterEach
    void close() throws Exception {
        market.close();
        signer.close();
    }

    @Test
    void shouldTakeAJobToItsEndThoughTheKeyIsElsewhere() throws Exception {
        // given
        signer.manner(Manner.FRESH);
        var scheduler = market.start();
        market.join(A, ScriptedAgent.Manner.HONEST);
        market.join(B, ScriptedAgent.Manner.HONEST);

        // when
        var job = market.submit(SampleJobs.strict(2));
        market.await(job, ResultAccepted.class);

        // then
        assertThat(market.facts(job, JobAssigned.class)).hasSize(2).allSatisfy(assigned -> assertThat(Signatures.isBy(
                        Parties.HUB.address(), assigned.assignment().digest(Parties.DOMAIN), assigned.hubSignature()))
                .isTrue());
        assertThat(ready(scheduler)).contains("\"signer\":\"UP\"");
    }

    @Test
    void shouldKeepAJobUntilTheSignerIsBack() throws Exception {
        // given
        var scheduler = market.start();
        market.join(A, ScriptedAgent.Manner.HONEST);
        market.join(B, ScriptedAgent.Manner.HONEST);
        market.awaitProviders(2);
        signer.manner(Manner.FAILING);

        // when
        var job = market.submit(SampleJobs.strict(2));
        Await.until(
                LiveMarket.PATIENCE,
                () -> signer.asked() > 1,
                () -> "Expected the scheduler to ask the signer again, but it did not");
        var readyWhileAway = ready(scheduler);
        var whileAway = market.facts(job, JobAssigned.class);
        signer.manner(Manner.STEADY);
        market.await(job, ResultAccepted.class);

        // then
        assertThat(readyWhileAway).contains("\"signer\":\"DOWN\"");
        assertThat(whileAway).isEmpty();
        assertThat(market.facts(job, JobAssigned.class)).hasSize(2);
    }

    @Test
    void shouldNotStartForAHubWhoseKeyTheSignerDoesNotHave() {
        // given
        market.set("perigee.hub.address", Parties.BUILDER.address().value());

        // when + then
        assertThatThrownBy(() -> market.start())
                .hasMessageContaining(Parties.BUILDER.address().value())
                .hasMessageContaining("does not list it");
    }

    private static String ready(Scheduler scheduler) {
        var uri = URI.create("http://127.0.0.1:" + scheduler.opsPort() + "/health/ready");
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
