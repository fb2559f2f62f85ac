package io.perigee.settlement.payout;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import io.perigee.settlement.testing.Tables;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DebtBookIT {
    private static final Instant NOW = Instant.parse("2026-09-21T12:00:00Z");

    @Test
    void shouldLookAtEveryJobInTurnThoughNoneMakesProgress() {
        try (var database = Tables.fresh()) {
            // given: more than are looked at in one step
            var jobs = new HashSet<JobId>();
            for (int i = 0; i < 5; i++) {
                var job = new JobId(Uuid7.of(NOW.plusSeconds(i), new byte[Uuid7.RANDOM_BYTES]));
                jobs.add(job);
                var at = NOW.plusSeconds(i);
                database.transact(tx -> DebtBook.open(tx, job, null, Debt.State.SENDING, "", at));
            }

            // when
            var seen = new HashSet<JobId>();
            for (int step = 0; step < 3; step++) {
                var at = NOW.plusSeconds(60 + step);
                database.inTransaction(tx -> DebtBook.toLookAt(tx, Optional.empty(), 2, at))
                        .forEach(debt -> seen.add(debt.job()));
            }

            // then
            assertThat(seen).isEqualTo(jobs);
        }
    }
}
