package io.perigee.testkit;

import static io.perigee.testkit.data.JobSpecBuilder.aJob;
import static io.perigee.testkit.data.OfferBuilder.anOffer;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.testkit.data.Wallets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BuildersTest {
    @Test
    void shouldBuildWhatIsValidByDefault() {
        // when
        var job = aJob().steps(80, 10).build();
        var offer = anOffer().at(5).build();

        // then
        assertThat(job.borders()).isEqualTo(8);
        assertThat(job.verification().quorum()).isEqualTo(2);
        assertThat(offer.perMillionTokens().value()).isEqualTo(5);
    }

    @Test
    void shouldGiveEachNameItsOwnKey() {
        // when
        var ada = Wallets.address("ada");

        // then
        assertThat(ada).isEqualTo(Wallets.address("ada")).isNotEqualTo(Wallets.address("bob"));
    }

    @Test
    void shouldMoveTimeWhenTold() {
        // given
        var clock = TestClock.atNoon();
        var before = clock.instant();

        // when
        clock.advance(Duration.ofMinutes(3));

        // then
        assertThat(clock.instant()).isEqualTo(before.plusSeconds(180));
    }
}
