package io.perigee.scheduler.placing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.market.matching.OfferView;
import io.perigee.protocol.id.Amount;
import io.perigee.scheduler.postgres.PostgresOfferLog;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.sample.SampleProvider;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom it says can do more than before, also after transactions that did not commit. */
class LiveIndexIT {
    private static final SampleProvider A = SampleProvider.of("a");
    private static final SampleProvider B = SampleProvider.of("b");
    private static final SampleProvider C = SampleProvider.of("c");

    private final OfflineMarket market = new OfflineMarket();
    private final LiveIndex index = new LiveIndex(new PostgresOfferLog());

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldCallNobodyBetterWhomAFailedTransactionLeftAsItWas() {
        // given
        market.join(A);
        market.join(B);
        assertThat(caughtUp()).extracting(OfferView::provider).containsExactlyInAnyOrder(A.id(), B.id());
        failing(false);

        // then
        assertThat(caughtUp()).isEmpty();
    }

    @Test
    void shouldTellOnceOfWhoCameInAFailedTransactionOrWasToBeAssigned() {
        // given
        market.join(A);
        market.join(B);
        caughtUp();
        market.join(C);
        failing(true);
        failing(false);

        // when
        var better = caughtUp();
        var again = caughtUp();

        // then
        assertThat(better).extracting(OfferView::provider).containsExactlyInAnyOrder(A.id(), C.id());
        assertThat(better).allSatisfy(view -> assertThat(view.usedSlots()).isZero());
        assertThat(again).isEmpty();
    }

    private List<OfferView> caughtUp() {
        var better = market.database.inTransaction(tx -> {
            var views = index.catchUp(tx, market.jobs.now());
            index.store(tx);
            return views;
        });
        index.committed();
        return better;
    }

    private void failing(boolean assigning) {
        assertThatThrownBy(() -> market.database.inTransaction(tx -> {
                    index.catchUp(tx, market.jobs.now());
                    if (assigning) {
                        index.placed(A.id(), A.address(), 0, Amount.of(1));
                    }
                    index.store(tx);
                    throw new IllegalStateException("on purpose");
                }))
                .isInstanceOf(IllegalStateException.class);
    }
}
