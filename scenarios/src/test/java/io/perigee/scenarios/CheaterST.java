package io.perigee.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.devstack.cheat.ForgingAgentMain;
import io.perigee.devstack.stack.StackOptions.AgentOptions;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One provider forges its work, at the lowest price. */
class CheaterST {
    @Test
    void shouldNameTheCheaterBurnItsBondAndPayTheHonestTwo() {
        // given
        var agents = List.of(
                new AgentOptions("forger", "900000", ForgingAgentMain.class.getName()),
                new AgentOptions("honest-1", "1000000", null),
                new AgentOptions("honest-2", "1100000", null));
        try (Town town = Town.byEpoch(agents, "cheater")) {
            var before = town.books();

            // when
            String id = town.submitByEpoch();
            town.awaitPlanned(id);
            JobView job = town.settleByEpoch(id);

            // then
            assertThat(job.outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(job.attempts()).hasSize(3);
            var rejected = job.attempts().stream()
                    .filter(run -> run.state() == AttemptState.REJECTED)
                    .toList();
            assertThat(rejected).singleElement().satisfies(run -> {
                assertThat(run.owner()).isEqualTo(before.holders().get("forger"));
                assertThat(run.paid().isZero()).isTrue();
                assertThat(run.bond().isZero()).isFalse();
            });
            assertThat(job.attempts().stream().filter(run -> run.state() == AttemptState.VERIFIED))
                    .hasSize(2)
                    .allSatisfy(run -> assertThat(run.paid()).isEqualTo(run.price()));
            before.assertMovedOnlyBy(town.books(), job);
        }
    }
}
