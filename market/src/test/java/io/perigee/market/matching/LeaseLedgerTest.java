package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.market.matching.LeaseLedger.Lease;
import io.perigee.market.matching.LeaseLedger.Usage;
import io.perigee.protocol.id.ProviderId;
import io.perigee.testkit.sample.Parties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeaseLedgerTest {
    private static final List<ProviderId> PROVIDERS = IntStream.range(0, 50)
            .mapToObj(number ->
                    ProviderId.parse(Parties.digest("provider " + number).value()))
            .toList();

    private final LeaseLedger ledger = new LeaseLedger();

    /** A million facts: 400,000 leases opened, most of them closed, and a quarter of it all said twice. */
    @Test
    void shouldComeToTheSameInWhateverOrderFactsCome() {
        // given
        var random = new Random(4);
        var facts = new ArrayList<Runnable>();
        int[] slots = new int[PROVIDERS.size()];
        int[] gpus = new int[PROVIDERS.size()];
        for (int number = 0; number < 400_000; number++) {
            int who = random.nextInt(PROVIDERS.size());
            var lease = new Lease(PROVIDERS.get(who), number, random.nextInt(3));
            facts.add(() -> ledger.opened(lease));
            if (random.nextInt(100) > 0) {
                facts.add(() -> ledger.closed(lease.provider(), lease.fence()));
            } else {
                slots[who]++;
                gpus[who] += lease.gpus();
            }
        }
        while (facts.size() < 1_000_000) {
            facts.add(facts.get(random.nextInt(facts.size())));
        }
        Collections.shuffle(facts, random);

        // when
        facts.forEach(Runnable::run);

        // then
        for (int who = 0; who < PROVIDERS.size(); who++) {
            assertThat(ledger.usage(PROVIDERS.get(who))).isEqualTo(new Usage(slots[who], gpus[who]));
        }
    }

    @Test
    void shouldNotHearALeaseThatIsOver() {
        // given
        var lease = new Lease(PROVIDERS.getFirst(), 3, 1);
        ledger.closed(lease.provider(), lease.fence());

        // when
        boolean opened = ledger.opened(lease);

        // then
        assertThat(opened).isFalse();
        assertThat(ledger.holds(lease.provider(), lease.fence())).isFalse();
        assertThat(ledger.usage(lease.provider())).isEqualTo(Usage.NOTHING);
    }

    @Test
    void shouldRefuseTwoLeasesOfOneNumber() {
        // given
        ledger.opened(new Lease(PROVIDERS.getFirst(), 3, 1));

        // then
        assertThatThrownBy(() -> ledger.opened(new Lease(PROVIDERS.getFirst(), 3, 2)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
