package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.fact.OrderOutcomeNoted;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.OutcomeNoted;
import io.perigee.protocol.fact.PairsCounted;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What owners, builders and classes have shown, and what follows from it. */
class RecordsIT {
    private static final Digest CLASS = Parties.digest("a class of GPUs");
    private static final JobSpec STRICT = SampleJobs.strict(2);
    private static final JobSpec LORA = SampleJobs.lora(2);

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
    void shouldNoteAnOrderOnceItIsPaid() {
        // given
        market.join(SampleProvider.of("a"), ScriptedAgent.Manner.HONEST);
        market.join(SampleProvider.of("b"), ScriptedAgent.Manner.HONEST);
        var job = market.submit(STRICT);
        market.await(job, ResultAccepted.class);

        // when
        market.send("settlement", new CreditsReserved(job, "0x01", 2, 100, List.of(), market.clock.instant()));
        market.send("settlement", new JobSettled(job, List.of("0x01"), 100, List.of(), Amount.ZERO, List.of()));

        // then
        awaitOrders(1);
        assertThat(market.records)
                .filteredOn(OrderOutcomeNoted.class::isInstance)
                .allSatisfy(fact -> {
                    var noted = (OrderOutcomeNoted) fact;
                    assertThat(noted.kind()).isEqualTo(OrderOutcomeKind.HONOURED);
                    assertThat(noted.builder()).isEqualTo(Parties.BUILDER.address());
                });
        assertThat(market.count("SELECT count(*) FROM scheduler.order_outcome WHERE kind = 'HONOURED'"))
                .isEqualTo(1);
        assertThat(market.records).filteredOn(OutcomeNoted.class::isInstance).hasSize(2);
    }

    /** Two jobs that q owners found at fault are enough; who is fair is asked of by q again. */
    @Test
    void shouldGiveUpAnUnfairBuildersJobAtTheFirstOwner() {
        // given
        var a = SampleProvider.of("a").asking(1);
        var b = SampleProvider.of("b").asking(2);
        market.join(a, ScriptedAgent.Manner.BLAMING);
        market.join(b, ScriptedAgent.Manner.BLAMING);
        for (int orders = 1; orders <= 2; orders++) {
            market.await(market.submit(STRICT), JobFailed.class);
            awaitOrders(orders);
        }
        market.send("gateway", new ProviderOffline(b.id(), "it has done its part"));
        market.join(SampleProvider.of("c"), ScriptedAgent.Manner.HONEST);
        market.join(SampleProvider.of("d"), ScriptedAgent.Manner.HONEST);

        // when
        var unfair = market.submit(STRICT);
        var fair = market.submitAs(Parties.key("another builder"), STRICT);

        // then
        assertThat(market.await(unfair, JobFailed.class).cause()).isEqualTo(Cause.BAD_DATA);
        assertThat(ended(unfair, AttemptEnd.FAILED)).hasSize(1);
        market.await(fair, ResultAccepted.class);
        assertThat(ended(fair, AttemptEnd.FAILED)).hasSize(1);
        awaitOrders(3);
        assertThat(market.count("SELECT count(*) FROM scheduler.order_outcome WHERE kind = 'FAULTY'"))
                .isEqualTo(3);
    }

    /** The same forgery, before and after the class has proven that its bits agree. */
    @Test
    void shouldCallADifferenceACheatOnceItsClassIsPopulated() {
        // given twenty owners of a class, and one that forges and asks least
        for (int owner = 0; owner < 20; owner++) {
            join(SampleProvider.of("p" + owner), ScriptedAgent.Manner.HONEST);
        }
        market.awaitProviders(20);
        var first = market.submit(LORA);
        market.await(first, ResultAccepted.class);
        Await.until(
                LiveMarket.PATIENCE,
                () -> market.records.contains(new PairsCounted(first, CLASS, LORA.borders())),
                () -> "Expected the pairs of the first job to be counted, but there were " + market.records);
        join(SampleProvider.of("cheat").asking(1), ScriptedAgent.Manner.LYING);
        market.awaitProviders(21);
        var before = market.submit(LORA);
        market.await(before, ResultAccepted.class);

        // when
        market.change("UPDATE scheduler.class_pairs SET equal = 200 WHERE job_id = '%s'".formatted(first));
        var after = market.submit(LORA);
        market.await(after, ResultAccepted.class);

        // then
        assertThat(cheats(before)).containsExactly(OutcomeKind.CRASHED);
        assertThat(cheats(after)).containsExactly(OutcomeKind.CHEATED);
        assertThat(market.await(after, ResultAccepted.class).payable().contradictors())
                .as("the contract burns in class strict only")
                .isEmpty();
    }

    private List<OutcomeKind> cheats(JobId job) {
        Await.until(
                LiveMarket.PATIENCE,
                () -> outcomes(job).size() == 3,
                () -> "Expected three runs of job '%s' to be noted, but there were %s".formatted(job, outcomes(job)));
        return outcomes(job).stream()
                .map(OutcomeNoted::kind)
                .filter(kind -> kind != OutcomeKind.VERIFIED)
                .toList();
    }

    private List<OutcomeNoted> outcomes(JobId job) {
        return market.records.stream()
                .filter(OutcomeNoted.class::isInstance)
                .map(OutcomeNoted.class::cast)
                .filter(noted -> noted.jobId().equals(job))
                .toList();
    }

    private List<AttemptEnded> ended(JobId job, AttemptEnd end) {
        return market.facts(job, AttemptEnded.class).stream()
                .filter(fact -> fact.end() == end)
                .toList();
    }

    private void awaitOrders(int number) {
        Await.until(
                LiveMarket.PATIENCE,
                () -> market.records.stream()
                                .filter(OrderOutcomeNoted.class::isInstance)
                                .count()
                        == number,
                () -> "Expected %d orders to be noted, but there were %s".formatted(number, market.records));
    }

    private void join(SampleProvider provider, ScriptedAgent.Manner manner) {
        var strict = provider.offer();
        var image = new ImageClass(
                LORA.image(), CLASS, "avx2", LORA.resources().gpu().count() > 0, 0);
        market.join(
                provider,
                new Offer(
                        strict.hardware(),
                        List.of(CLASS),
                        List.of(image),
                        strict.perMillionTokens(),
                        strict.perHour(),
                        strict.slots(),
                        strict.memory(),
                        strict.disk(),
                        strict.cpus(),
                        strict.gpus(),
                        strict.region()),
                manner);
    }
}
