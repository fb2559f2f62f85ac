package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.testkit.process.Child;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process dies as if by kill -9 at its named points; another one goes on, and nothing is assigned twice. */
class SchedulerCrashIT {
    private LiveMarket market;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        market = new LiveMarket(directory);
    }

    @AfterEach
    void close() throws Exception {
        market.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scheduler.after-assign-commit",
                "scheduler.before-commit@3",
                "scheduler.before-commit@7",
                "consumer-after-commit@6"
            })
    void shouldGoOnWhereItDied(String crashPoint) {
        // given
        market.join(SampleProvider.of("a"), ScriptedAgent.Manner.HONEST);
        market.join(SampleProvider.of("b"), ScriptedAgent.Manner.HONEST);
        var job = market.submit(SampleJobs.strict(2));
        Child dying = market.startProcess(crashPoint);
        assertThat(dying.awaitEnd(LiveMarket.PATIENCE))
                .as("%s was reached; %s", crashPoint, dying.logTail(20))
                .isTrue();
        assertThat(dying.exitStatus()).isEqualTo(137);

        // when
        var heir = market.startProcess("");
        market.await(job, ResultAccepted.class);
        heir.kill();

        // then
        assertThat(market.assignments(job)).isEqualTo(2);
        assertThat(market.facts(job, JobAssigned.class)).hasSize(2);
        assertThat(market.facts(job, ResultAccepted.class)).hasSize(1);
    }
}
