package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.testkit.sample.Parties;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DerivedSecretsTest {

    @Test
    void shouldKnowAfterAStartWhatItCommittedToAndGiveNoAttemptAnothersSecret() {
        // given
        var order = Parties.digest("order");
        var secrets = new DerivedSecrets(Parties.HUB.secret());
        var again = new DerivedSecrets(Parties.HUB.secret());
        var other = new DerivedSecrets(Parties.BUILDER.secret());

        // when
        var secret = secrets.secret(order, 1);

        // then
        assertThat(again.secret(order, 1)).isEqualTo(secret);
        assertThat(Set.of(
                        secret,
                        secrets.secret(order, 0),
                        secrets.secret(Parties.digest("another order"), 1),
                        other.secret(order, 1)))
                .hasSize(4);
        assertThat(secrets.toString()).as("what a log would show").doesNotContain(secret.value());
    }
}
