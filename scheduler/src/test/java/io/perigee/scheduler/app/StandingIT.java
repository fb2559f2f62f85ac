package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.ProviderRegistered;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.SessionKeyRevoked;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets work, by what the chain says of them. */
class StandingIT {
    private static final SampleProvider A = SampleProvider.of("a");
    private static final SampleProvider B = SampleProvider.of("b");
    private static final SampleProvider C = SampleProvider.of("c");

    private LiveMarket market;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        market = new LiveMarket(directory);
    }

    @AfterEach
    void close() throws Exception {
        market.close();
    }

    @Test
    void shouldWaitUntilTheChainKnowsTheOwner() {
        // given a provider that is online with stake, but registered by another owner
        market.start();
        market.join(A, ScriptedAgent.Manner.HONEST);
        market.send("settlement", new ProviderRegistered(C.address(), B.id(), 1));
        market.send("settlement", new StakeChanged(B.address(), Amount.of(1_000_000), 1));
        market.send("gateway", B.online());
        market.awaitProviders(2);

        // when
        var job = market.submit(SampleJobs.strict(2));
        market.await(job, JobQueued.class, queued -> lacks(queued, "registration"));
        market.join(C, ScriptedAgent.Manner.HONEST);

        // then
        market.await(job, ResultAccepted.class);
        assertThat(providers(job)).doesNotContain(B.id());
    }

    @Test
    void shouldGiveNothingNewToARevokedKey() {
        // given work under a key that is then revoked
        market.start();
        market.join(A.withSlots(2), ScriptedAgent.Manner.STALLING);
        market.join(B.withSlots(2), ScriptedAgent.Manner.HONEST);
        var early = market.submit(SampleJobs.strict(2));
        market.await(early, ResultCommitted.class, fact -> fact.commitment().toBorder() == 2);
        market.await(early, ResultRevealed.class);
        long second = market.clock.instant().getEpochSecond() + 1;
        market.send("settlement", new SessionKeyRevoked(A.address(), A.id(), 1, second, 2));
        Await.until(
                LiveMarket.PATIENCE,
                () -> market.count("SELECT count(*) FROM scheduler.revocation") == 1,
                () -> "Expected the scheduler to note the revocation, but it did not");

        // when
        var late = market.submit(SampleJobs.strict(2));
        market.await(late, JobQueued.class, queued -> lacks(queued, "sessionKey"));
        market.join(C, ScriptedAgent.Manner.HONEST);

        // then
        market.await(late, ResultAccepted.class);
        assertThat(providers(late)).containsExactlyInAnyOrder(B.id(), C.id());
        assertThat(market.facts(early, AttemptEnded.class)).isEmpty();
    }

    private static boolean lacks(JobQueued queued, String constraint) {
        return queued.reasons().stream().anyMatch(reason -> reason.constraint().equals(constraint));
    }

    private List<ProviderId> providers(JobId job) {
        return market.facts(job, JobAssigned.class).stream()
                .map(fact -> fact.assignment().provider())
                .distinct()
                .toList();
    }
}
