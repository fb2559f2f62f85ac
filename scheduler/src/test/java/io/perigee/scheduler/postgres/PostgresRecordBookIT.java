package io.perigee.scheduler.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.PairsCounted;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresRecordBookIT {
    private static final Digest CLASS = Parties.digest("a class of GPUs");

    private final OfflineMarket market = new OfflineMarket();
    private final PostgresRecordBook records = new PostgresRecordBook();

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldKnowWhoseDifferencesItsClassHasAnsweredFor() {
        // given
        var unnamed = new PairsCounted(market.submit(SampleJobs.lora(2)), CLASS, 3, 1, null);
        var named = new PairsCounted(market.submit(SampleJobs.lora(2)), CLASS, 4, 1, owners("a", "b"));

        // when
        market.database.transact(tx -> records.note(tx, List.of(unnamed, named)));

        // then
        assertThat(hasDiffered(CLASS, "c", "a")).isTrue();
        assertThat(hasDiffered(CLASS, "c", "d")).isFalse();
        assertThat(hasDiffered(Parties.digest("another class"), "a", "b")).isFalse();
        var population = market.database.reading(tx -> records.population(tx, CLASS));
        assertThat(population.equalPairs()).isEqualTo(7);
        assertThat(population.unexplained()).isEqualTo(2);
    }

    private boolean hasDiffered(Digest numericClass, String... names) {
        return market.database.reading(tx -> records.hasDiffered(tx, numericClass, owners(names)));
    }

    private static List<Address> owners(String... names) {
        return Stream.of(names).map(name -> SampleProvider.of(name).address()).toList();
    }
}
