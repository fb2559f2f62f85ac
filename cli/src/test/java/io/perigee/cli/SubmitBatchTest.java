package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.rest.HubInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit --batch} against something that answers as a hub does. */
class SubmitBatchTest {
    private static final Address HUB = Address.parse("0x" + "ab".repeat(20));
    private static final Address TOKEN = Address.parse("0x" + "70".repeat(20));
    private static final Address OTHER = Address.parse("0x" + "e5".repeat(20));
    private static final KeyPair WALLET = DevMarket.key("batch");
    private static final HubInfo SAYS =
            new HubInfo(HUB, 31337, OTHER, OTHER, OTHER, TOKEN, "ptUSD", 6, 5, 3600, "http://127.0.0.1:1", List.of());

    @TempDir
    Path home;

    @TempDir
    Path jobs;

    private QuotingHub hub;

    @BeforeEach
    void open() throws IOException {
        Files.write(
                home.resolve("wallet.json"),
                Keystore.write(WALLET, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
        Files.writeString(home.resolve("wallet.password"), "secret");
        hub = new QuotingHub(SAYS, WALLET.address());
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private CliRun perigee(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--hub", hub.url()));
        return CliRun.of(home, all.toArray(String[]::new));
    }

    @Test
    void shouldSubmitEveryJobOfADirectoryAndSayWhatBecameOfEach() throws IOException {
        // given
        for (var name : List.of("a", "bad", "dear", "z")) {
            Files.writeString(jobs.resolve(name + ".yaml"), QuotingHub.job(name));
        }

        // when
        var run = perigee("submit", "--batch", jobs.toString(), "--yes");

        // then
        assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.REFUSED);
        var batch = hub.batches.getFirst().jobs();
        assertThat(hub.batches).hasSize(1);
        assertThat(batch.stream().map(job -> job.request().spec().name())).containsExactly("a", "dear", "z");
        assertThat(batch).allSatisfy(job -> assertThat(Signatures.isBy(
                        WALLET.address(),
                        job.request().order().digest(new Domain(31337, OTHER)),
                        job.request().orderSignature()))
                .isTrue());
        assertThat(run.out())
                .contains("4 jobs, 3 of them quoted")
                .containsPattern("a\\.yaml +" + batch.getFirst().key())
                .containsPattern("bad\\.yaml +refused +INVALID_SPEC")
                .containsPattern("dear\\.yaml +refused +PRICE_TOO_LOW")
                .containsPattern("z\\.yaml +" + batch.getLast().key());
    }

    @Test
    void shouldTellProgramsALineForEachJob() throws IOException {
        // given
        var file =
                Files.writeString(jobs.resolve("jobs.jsonl"), QuotingHub.job("a") + "\n" + QuotingHub.job("b") + "\n");

        // when
        var run = perigee("submit", "--batch", file.toString(), "--json");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        var lines = Json.read(run.out(), JsonNode.class);
        assertThat(lines.findValuesAsText("name")).containsExactly("line 1", "line 2");
        assertThat(lines.findValuesAsText("status")).containsExactly("201", "201");
    }

    @Test
    void shouldAskOnceAndSignNothingWithoutAYes() throws IOException {
        // given
        Files.writeString(jobs.resolve("a.yaml"), QuotingHub.job("a"));

        // when
        var run = perigee("submit", "--batch", jobs.toString());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(hub.batches).isEmpty();
    }

    @Test
    void shouldRefuseOptionsThatNameOneJob() {
        var run = perigee("submit", "--batch", jobs.toString(), "--watch");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("--batch without JOB.yaml");
    }
}
