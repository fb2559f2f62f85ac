package io.perigee.protocol.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptEvidenceTest {
    private final Bundle bundle = new TestBundle().accepted(0, 1);
    private final RunEvidence mine = bundle.payable().winners().get(0);
    private final RunEvidence other = bundle.payable().winners().get(1);

    @Test
    void shouldReadBackWhatWasKept() {
        // given
        var kept = kept(1, List.of(seal(mine)));

        // when
        var read = Json.read(Json.bytes(kept), KeptEvidence.class);

        // then
        assertThat(read).isEqualTo(kept);
        assertThat(read.furthest().border()).isEqualTo(3);
        assertThat(read.orderHash()).isEqualTo(mine.assignment().orderHash());
    }

    @Test
    void shouldKeepASealThatNoReceiptCameFor() {
        var seal = new KeptSeal(mine.commitment(), mine.commitmentSignature(), mine.opening(), null, null);
        var read = Json.read(Json.bytes(kept(1, List.of(seal))), KeptEvidence.class);
        assertThat(read.furthest().receipted()).isFalse();
    }

    @Test
    void shouldRefuseAnOpeningThatIsNotWhatWasSealed() {
        assertThatThrownBy(() -> new KeptSeal(
                        mine.commitment(),
                        mine.commitmentSignature(),
                        other.opening(),
                        mine.receipt(),
                        mine.receiptSignature()))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("it is not what the commitment seals");
    }

    @Test
    void shouldRefuseAReceiptWithoutItsSignature() {
        assertThatThrownBy(() -> new KeptSeal(
                        mine.commitment(), mine.commitmentSignature(), mine.opening(), mine.receipt(), null))
                .isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldRefuseASealOfAnotherAssignment() {
        assertThatThrownBy(() -> kept(1, List.of(seal(other))))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("it is of another assignment");
    }

    @Test
    void shouldRefuseABorderTwiceNoneAndAnotherVersion() {
        assertThatThrownBy(() -> kept(1, List.of(seal(mine), seal(mine)))).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> kept(1, List.of())).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> kept(2, List.of(seal(mine)))).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldRefuseAVerdictOfAnotherAssignment() {
        var verdict = new Verdict(other.assignment().digest(bundle.domain()), Digest.ZERO, Digest.ZERO, Digest.ZERO, 3);
        assertThatThrownBy(() -> kept(1, List.of(seal(mine)), new KeptVerdict(verdict, mine.commitmentSignature())))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("it is of another assignment");
    }

    private KeptEvidence kept(int version, List<KeptSeal> seals) {
        return kept(version, seals, null);
    }

    private KeptEvidence kept(int version, List<KeptSeal> seals, @Nullable KeptVerdict verdict) {
        return new KeptEvidence(
                version,
                bundle.domain().chainId(),
                bundle.domain().escrow(),
                bundle.order(),
                bundle.orderSignature(),
                mine.assignment(),
                mine.hubSignature(),
                mine.sessionKey(),
                mine.sessionKeySignature(),
                mine.acceptance(),
                seals,
                verdict);
    }

    private static KeptSeal seal(RunEvidence run) {
        return new KeptSeal(
                run.commitment(), run.commitmentSignature(), run.opening(), run.receipt(), run.receiptSignature());
    }
}
