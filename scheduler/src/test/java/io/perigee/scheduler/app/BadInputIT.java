package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Opening;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words that must not move a job, and jobs that nobody can run. */
class BadInputIT {
    private static final SampleProvider A = SampleProvider.of("a");
    private static final SampleProvider B = SampleProvider.of("b");
    private static final SampleProvider STRANGER = SampleProvider.of("stranger");

    private LiveMarket market;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        market = new LiveMarket(directory);
        market.start();
    }

    @AfterEach
    void close() throws Exception {
        market.close();
    }

    @Test
    void shouldSayThatThePriceIsUnderEveryOfferAndExpireWithNothingOwed() {
        // given
        market.join(A, ScriptedAgent.Manner.HONEST);
        market.join(B, ScriptedAgent.Manner.HONEST);
        market.awaitProviders(2);
        var job = market.submit(SampleJobs.withPrice(SampleJobs.strict(2), 10));
        var queued = market.await(job, JobQueued.class);

        // when
        var expired = market.awaitWithTime(job, JobExpired.class, Duration.ofSeconds(60));

        // then
        assertThat(queued.reasons())
                .filteredOn(reason -> reason.constraint().equals("price.max"))
                .singleElement()
                .extracting(NoMatchReason::detail)
                .asString()
                .contains("2 of 2 offers ask more than price.max covers");
        assertThat(expired.payable().owesNothing()).isTrue();
        assertThat(market.assignments(job)).isZero();
    }

    @Test
    void shouldExpireAJobThoughAnotherCanNeverBeDecidedAbout() {
        // given
        market.join(A, ScriptedAgent.Manner.HONEST);
        market.join(B, ScriptedAgent.Manner.HONEST);
        market.awaitProviders(2);
        var broken = market.submit(SampleJobs.withPrice(SampleJobs.strict(2), 10));
        market.await(broken, JobQueued.class);
        var job = market.submit(SampleJobs.withPrice(SampleJobs.strict(2), 10));
        market.await(job, JobQueued.class);
        market.breakJob(broken);

        // when
        var expired = market.awaitWithTime(job, JobExpired.class, Duration.ofSeconds(60));

        // then
        assertThat(expired.payable().owesNothing()).isTrue();
        assertThat(market.facts(broken, JobExpired.class)).isEmpty();
    }

    @Test
    void shouldFailAJobWhoseImageLacksTheContractsFilesWithNothingOwed() {
        // given one more provider, who may be asked between two failures and never answers
        market.join(A, ScriptedAgent.Manner.SILENT);
        market.join(B, ScriptedAgent.Manner.SILENT);
        market.join(STRANGER.asking(110_000), ScriptedAgent.Manner.SILENT);
        market.awaitProviders(3);
        var job = market.submit(SampleJobs.strict(2));
        var words = "Expected checkpoints/1/ with adapter.safetensors, but the last complete border is 0 of 4";

        // when
        for (var provider : List.of(A, B)) {
            var run = run(job, provider);
            market.send(provider.id().value(), run.accept());
            market.send(provider.id().value(), run.fail(FailureKind.CONTRACT_BROKEN, 0, words));
        }

        // then
        var failed = market.await(job, JobFailed.class);
        assertThat(failed.cause()).isEqualTo(Cause.CONTAINER);
        assertThat(failed.detail()).contains(words);
        assertThat(failed.payable().owesNothing()).isTrue();
        assertThat(market.assignments(job)).isBetween(2L, 3L);
    }

    @Test
    void shouldNotHearAProviderItNeverAssigned() {
        // given
        market.join(A, ScriptedAgent.Manner.SILENT);
        market.join(B, ScriptedAgent.Manner.SILENT);
        var job = market.submit(SampleJobs.strict(2));
        var assigned = run(job, A).assigned();
        var forged = SampleRun.honest(STRANGER, assigned, true);
        var source = STRANGER.id().value();

        // when
        market.send(source, forged.accept());
        market.send(source, forged.commit(4));
        market.send(source, forged.reveal(4));
        market.send(source, forged.fail(FailureKind.BAD_DATA, 65, "it is theirs"));

        // then
        refused(job, 4);
        assertThat(market.facts(job, CommandRejected.class))
                .extracting(CommandRejected::code)
                .containsOnly(ErrorCode.NOT_ASSIGNED);
        assertThat(market.facts(job, CommandRejected.class))
                .extracting(CommandRejected::detail)
                .allMatch(detail -> detail.startsWith("Expected "));
        assertThat(market.facts(job)).noneMatch(fact -> fact instanceof AttemptStarted || fact instanceof AttemptEnded);
    }

    @Test
    void shouldRejectAnOpeningOfAnotherSealAndNotTakeItTwice() {
        // given
        market.join(A, ScriptedAgent.Manner.SILENT);
        market.join(B, ScriptedAgent.Manner.SILENT);
        var job = market.submit(SampleJobs.strict(2));
        var run = run(job, A);
        var source = A.id().value();
        var honest = run.reveal(4);
        var opening = honest.opening();
        var forged = new RevealResult(
                job,
                run.hash(),
                4,
                new Opening(opening.root(), opening.leafCount(), opening.outputDigest(), opening.root()),
                honest.segments(),
                honest.outputs(),
                null);
        market.send(source, run.accept());
        market.send(source, run.commit(4));
        market.await(job, ResultCommitted.class);

        // when
        market.send(source, forged);
        var ended = market.await(job, AttemptEnded.class);
        market.send(source, honest);

        // then
        assertThat(ended.end()).isEqualTo(AttemptEnd.REJECTED);
        refused(job, 1);
        assertThat(market.facts(job, CommandRejected.class))
                .extracting(CommandRejected::code)
                .containsExactly(ErrorCode.STALE_LEASE);
        assertThat(market.facts(job, ResultRevealed.class)).isEmpty();
    }

    private SampleRun run(JobId job, SampleProvider provider) {
        var assigned = market.await(
                job, JobAssigned.class, one -> one.assignment().provider().equals(provider.id()));
        return SampleRun.honest(provider, assigned, true);
    }

    private void refused(JobId job, int times) {
        Await.until(
                LiveMarket.PATIENCE,
                () -> market.facts(job, CommandRejected.class).size() == times,
                () -> "Expected %d refusals, but there were %s".formatted(times, market.names(job)));
    }
}
