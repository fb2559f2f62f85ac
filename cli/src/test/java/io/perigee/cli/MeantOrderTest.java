package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.result.Bundle;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
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

/** A hub that shows a sound proof of something else. */
class MeantOrderTest {
    private static final Bundle SOUND = SampleBundle.of(SampleJobs.strict(2), Digest.ZERO);
    private static final JobId JOB = SOUND.order().jobId();
    private static final JobId ANOTHER = JobId.parse("0198f3a1-b2c4-7d8e-9fa0-b1c2d3e4f507");
    private static final Address SOMEBODY = Address.parse("0x" + "ab".repeat(20));

    @TempDir
    Path home;

    @TempDir
    Path jobs;

    private QuotingHub hub;

    @BeforeEach
    void open() throws IOException {
        wallet(Parties.BUILDER);
        Files.writeString(jobs.resolve("job.yaml"), QuotingHub.job("a"));
        hub = new QuotingHub(says(Parties.HUB.address(), Parties.DOMAIN.escrow()), Parties.BUILDER.address());
        hub.shows(JOB, SOUND);
        hub.shows(ANOTHER, SOUND);
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void shouldFetchTheProofThatWasAskedFor() {
        // when
        var run = fetch(JOB);

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(home.resolve("result/bundle.json")).exists();
    }

    @Test
    void shouldFetchNoProofOfAnotherJob() {
        refuses(fetch(ANOTHER), "to be of job " + ANOTHER);
    }

    @Test
    void shouldFetchNoProofOfAnothersJob() throws IOException {
        wallet(Parties.key("another"));
        refuses(fetch(JOB), "to be of builder ");
    }

    @Test
    void shouldFetchNoProofByAnotherHub() {
        hub.says(says(SOMEBODY, Parties.DOMAIN.escrow()));
        refuses(fetch(JOB), "to be of hub " + SOMEBODY);
    }

    @Test
    void shouldFetchNoProofUnderAnotherEscrow() {
        hub.says(says(Parties.HUB.address(), SOMEBODY));
        refuses(fetch(JOB), "to be of escrow " + SOMEBODY);
    }

    /** The same wallet, hub and job; but what the wallet signed was something else. */
    @Test
    void shouldTakeNoProofOfAnOrderThatWasNotSignedHere() throws IOException {
        // given
        hub.names(JOB);
        assertThat(submit().exit()).isZero();

        // when
        refuses(fetch(JOB), "to be of order ");
        var run = verify(SOUND);

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.PROOF_WRONG);
        assertThat(run.out()).contains("✘ the order is the one that was signed here");
    }

    @Test
    void shouldHoldWhatWasSignedHereAgainstTheProof() throws IOException {
        // given
        Files.createDirectories(home.resolve("orders"));
        Files.writeString(
                home.resolve("orders/" + JOB),
                SOUND.order().digest(SOUND.domain()).value());

        // when
        var fetched = fetch(JOB);
        var run = verify(SOUND);

        // then
        assertThat(fetched.exit()).as(fetched.err()).isZero();
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("✔ the order is the one that was signed here")
                .doesNotContain("not checked");
    }

    @Test
    void shouldSignOneOrderForAJobEvenInABatch() throws IOException {
        // given
        hub.names(JOB);
        assertThat(submit().exit()).isZero();
        Files.writeString(jobs.resolve("job.yaml"), QuotingHub.job("b"));

        // when
        var one = submit();
        var many = perigee("submit", "--batch", jobs.toString(), "--yes");

        // then
        for (var run : List.of(one, many)) {
            assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(run.err()).contains("REPLAYED_ORDER", "nothing was signed");
        }
        assertThat(hub.submitted).hasSize(1);
        assertThat(hub.batches).isEmpty();
    }

    @Test
    void shouldSayWhatItCouldNotHoldTheProofAgainst() throws IOException {
        // when
        var run = verify(SOUND);
        var known = verify(SOUND, "--builder", Parties.BUILDER.address().value());
        var document = Json.read(verify(SOUND, "--json").out(), JsonNode.class);

        // then
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("the proof holds", "--order HASH", "--builder ADDRESS");
        assertThat(known.out())
                .contains("✔ the builder is the one that you named", "--order HASH")
                .doesNotContain("--builder ADDRESS");
        assertThat(document.path("unchecked")).hasSize(2);
    }

    @Test
    void shouldHoldTheProofAgainstWhatIsNamed() throws IOException {
        // given
        var order = SOUND.order().digest(SOUND.domain()).value();

        // when
        var right = verify(SOUND, "--order", order);
        var wrongOrder = verify(SOUND, "--order", "0x" + "1".repeat(64));
        var wrongBuilder = verify(SOUND, "--builder", SOMEBODY.value());

        // then
        assertThat(right.exit()).isZero();
        assertThat(right.out())
                .contains("✔ the order is the one that you named")
                .doesNotContain("not checked");
        assertThat(wrongOrder.exit()).isEqualTo(ExitCode.PROOF_WRONG);
        assertThat(wrongOrder.out()).contains("✘ the order is the one that you named");
        assertThat(wrongBuilder.exit()).isEqualTo(ExitCode.PROOF_WRONG);
        assertThat(wrongBuilder.out()).contains("✘ the builder is the one that you named");
    }

    private void refuses(CliRun run, String why) {
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("ORDER_MISMATCH", why, "nothing was written");
        assertThat(home.resolve("result")).doesNotExist();
    }

    private void wallet(KeyPair key) throws IOException {
        Files.write(
                home.resolve("wallet.json"),
                Keystore.write(key, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
        Files.writeString(home.resolve("wallet.password"), "secret");
    }

    private static HubInfo says(Address hub, Address escrow) {
        return new HubInfo(
                hub,
                31337,
                escrow,
                SOMEBODY,
                SOMEBODY,
                Parties.TOKEN,
                "ptUSD",
                6,
                5,
                3600,
                "http://127.0.0.1:1",
                List.of());
    }

    private CliRun submit() {
        return perigee("submit", jobs.resolve("job.yaml").toString(), "--yes");
    }

    private CliRun fetch(JobId job) {
        return perigee("fetch", job.toString(), "--to", home.resolve("result").toString());
    }

    private CliRun verify(Bundle bundle, String... words) throws IOException {
        var file = home.resolve("bundle.json");
        Files.write(file, Json.bytes(bundle));
        var all = new ArrayList<>(List.of("verify", file.toString()));
        all.addAll(List.of(words));
        return CliRun.of(home, all.toArray(String[]::new));
    }

    private CliRun perigee(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--hub", hub.url()));
        return CliRun.of(home, all.toArray(String[]::new));
    }
}
