package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Draw;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.chain.Anvil;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits over a real log, a real database and blocks of a real chain. */
class AuditIT {
    private static final SampleProvider A = SampleProvider.of("a").asking(90_000);
    private static final SampleProvider CHEAPEST = SampleProvider.of("a").asking(1);

    private static Anvil chain;

    @TempDir
    Path directory;

    private LiveMarket market;

    @BeforeAll
    static void startChain() {
        chain = Anvil.start();
    }

    @AfterAll
    static void stopChain() {
        chain.close();
    }

    @BeforeEach
    void open() throws Exception {
        market = new LiveMarket(directory);
        market.set("perigee.chain.rpc-url", chain.url());
        market.set("perigee.scheduler.draw-poll", "100ms");
    }

    @AfterEach
    void close() throws Exception {
        market.close();
    }

    @Test
    void shouldDrawByABlockTheReceiptNamesAndPayWhoSigned() {
        // given
        market.start();
        join(A, "b", "c", "d", "e");

        // when
        var job = market.submit(SampleJobs.audited(VerificationPolicy.AUDIT));

        // then
        var payable = market.await(job, ResultAccepted.class).payable();
        var drawn = market.await(job, SegmentsDrawn.class);
        var run = payable.winners().getFirst();
        assertThat(run.assignment().provider()).isEqualTo(A.id());
        assertThat(drawn.drawBlock()).isEqualTo(run.receipt().drawBlock()).isPositive();
        assertThat(drawn.blockHash()).isEqualTo(hash(drawn.drawBlock()));
        assertThat(payable.draw().secret()).satisfies(secret -> assertThat(Draw.commitmentTo(secret))
                .isEqualTo(run.assignment().secretHash()));
        assertThat(payable.verdicts()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(market.count("SELECT count(*) FROM scheduler.outcome WHERE kind = 'VERIFIED'"))
                .isEqualTo(1);
    }

    @Test
    void shouldRecomputeWhoAuditedWithItsSecretAndWithNoOther() throws Exception {
        // given
        market.start();
        join(A, "b", "c", "d", "e");
        var job = market.submit(SampleJobs.audited(VerificationPolicy.AUDIT));
        market.await(job, ResultAccepted.class);

        // when
        var out = new ByteArrayOutputStream();
        int status = verify(job, out);

        // then
        assertThat(status).as(out.toString(StandardCharsets.UTF_8)).isZero();
        var other = directory.resolve("another");
        Files.writeString(other, "0x" + "5e".repeat(32));
        market.set("perigee.scheduler.draw-secret-file", other.toString());
        assertThatThrownBy(() -> verify(job, out)).hasMessageContaining("another one by now");
    }

    @Test
    void shouldKnowItsSecretAfterAStartAndNameTheForgedSegment() {
        // given
        var scheduler = market.start();
        join("b", "c", "d", "e");
        market.awaitProviders(4);
        market.join(CHEAPEST, ScriptedAgent.Manner.LYING);
        market.awaitProviders(5);
        var job = market.submit(SampleJobs.audited(VerificationPolicy.FULL_AUDIT));
        market.await(job, JobAssigned.class);

        // when
        market.stop(scheduler);
        market.start();

        // then
        var payable = market.await(job, ResultAccepted.class).payable();
        assertThat(market.facts(job, AttemptEnded.class))
                .filteredOn(ended -> ended.attempt() == 0)
                .singleElement()
                .satisfies(ended -> {
                    assertThat(ended.end()).isEqualTo(AttemptEnd.REJECTED);
                    assertThat(ended.detail())
                            .contains("segment 1 (border 0 to 1)")
                            .contains("it sealed leaf");
                });
        assertThat(market.await(job, JobReopened.class).reason()).contains("Attempt 0 is out");
        assertThat(payable.winners().getFirst().assignment().role()).isEqualTo(Role.REPLICA);
        assertThat(payable.verdicts())
                .as("who convicted is paid with the next run")
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(market.count("SELECT count(*) FROM scheduler.outcome WHERE kind = 'CHEATED'"))
                .isEqualTo(1);
        assertThat(payable.contradictors())
                .extracting(run -> run.assignment().attempt())
                .containsExactly(0);
        assertThat(market.count("SELECT count(*) FROM scheduler.attempt WHERE bonded AND number = 0"))
                .as("until the bond is burned it stands for nothing else")
                .isEqualTo(1);
    }

    @Test
    void shouldNoteACheatThoughItIsSilentAboutWhatItForged() {
        // given
        market.start();
        join("b", "c", "d", "e");
        market.awaitProviders(4);
        market.join(CHEAPEST, ScriptedAgent.Manner.WITHHOLDING);
        market.awaitProviders(5);
        var spec = SampleJobs.audited(VerificationPolicy.FULL_AUDIT);
        var job = market.submit(spec);
        market.await(job, SegmentsDrawn.class);

        // when
        market.send("gateway", new ProviderOffline(CHEAPEST.id(), "it is not asked a second time"));
        market.clock.advance(Duration.ofSeconds(spec.deadlines().upload()));

        // then
        var payable = market.await(job, ResultAccepted.class).payable();
        assertThat(market.facts(job, AttemptEnded.class))
                .filteredOn(ended -> ended.attempt() == 0)
                .singleElement()
                .satisfies(ended -> assertThat(ended.end()).isEqualTo(AttemptEnd.LOST));
        assertThat(payable.contradictors())
                .extracting(run -> run.assignment().attempt())
                .containsExactly(0);
        assertThat(market.count("SELECT count(*) FROM scheduler.outcome WHERE attempt = 0 AND kind = 'CHEATED'"))
                .isEqualTo(1);
        assertThat(market.count("SELECT count(*) FROM scheduler.outcome WHERE kind = 'CRASHED'"))
                .isZero();
    }

    /** Otherwise it would work, and there would be nobody whose verdicts it could be paid by. */
    @Test
    void shouldBeginNoRunThatNobodyCouldAudit() {
        // given
        market.start();
        join("b", "c");
        market.awaitProviders(2);
        var job = market.submit(SampleJobs.audited(VerificationPolicy.AUDIT));
        var waits = market.await(job, JobQueued.class);

        // when
        join("d");

        // then
        assertThat(waits.reasons()).extracting(NoMatchReason::constraint).containsExactly("verification.auditors");
        assertThat(market.await(job, ResultAccepted.class).payable().verdicts()).hasSize(2);
    }

    @Test
    void shouldGoOnFromWhatAProviderThatVanishedHadOpened() {
        // given
        market.start();
        join("b", "c", "d", "e", "f");
        market.awaitProviders(5);
        market.join(CHEAPEST, ScriptedAgent.Manner.VANISHING);
        market.awaitProviders(6);
        var job = market.submit(SampleJobs.audited(VerificationPolicy.AUDIT));
        market.await(job, ResultRevealed.class);

        // when
        market.send("gateway", new ProviderOffline(CHEAPEST.id(), "it missed its heartbeats"));

        // then
        var payable = market.await(job, ResultAccepted.class).payable();
        assertThat(payable.links()).extracting(Payable::toBorder).containsExactly(2, 4);
        assertThat(payable.assignments()).extracting(Assignment::owner).doesNotHaveDuplicates();
        var part = market.await(job, PartAccepted.class);
        assertThat(market.facts(job, JobAssigned.class))
                .filteredOn(assigned -> assigned.assignment().role() == Role.REPLICA)
                .extracting(JobAssigned::resumeFrom)
                .containsExactly(null, part.checkpoint());
        assertThat(market.count("SELECT count(*) FROM scheduler.outcome WHERE attempt = 0 AND kind = 'CRASHED'"))
                .isEqualTo(1);
    }

    private int verify(JobId job, ByteArrayOutputStream out) {
        return SelectionVerb.run(
                new String[] {SelectionVerb.NAME, job.toString()},
                market.settings(),
                new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private void join(Object... providers) {
        Stream.of(providers)
                .map(each -> each instanceof SampleProvider provider ? provider : SampleProvider.of((String) each))
                .forEach(provider -> market.join(provider, ScriptedAgent.Manner.HONEST));
    }

    private static Digest hash(long block) {
        return Digest.parse(chain.call("eth_getBlockByNumber", "0x" + Long.toHexString(block), false)
                .path("hash")
                .asText());
    }
}
