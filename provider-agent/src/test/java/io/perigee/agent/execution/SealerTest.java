package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.gateway.HubMessage.ReceiptGiven;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.result.SegmentHashes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A receipt is what an agent opens for, so it must be one with which the contract pays. */
final class SealerTest {
    private static final ContentId OUTPUTS = content("outputs");

    private final Parties parties = Parties.fresh();
    private final Sealer sealer = new Sealer(parties.agent(), parties.domain());
    private final AttemptRecord running = run(2);
    private final AttemptRecord sealed = run(3).in(new Phase.Sealed(OUTPUTS));

    private AttemptRecord run(int reached) {
        var work = AWork.of(parties).build();
        var run = AttemptRecord.accepted(
                        work,
                        work.assignment().digest(parties.domain()),
                        List.of(),
                        parties.enrolment("http://hub"),
                        Instant.EPOCH)
                .in(new Phase.Running("container", Instant.EPOCH, null));
        for (int border = 1; border <= reached; border++) {
            run = run.with(new SegmentHashes(
                    border,
                    content("adapter" + border),
                    content("optimizer" + border),
                    content("state" + border),
                    content("metrics" + border)));
        }
        return run;
    }

    private static ContentId content(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private ReceiptGiven receipt(AttemptRecord run, Commitment commitment, long at, KeyPair by) {
        var receipt = new Receipt(commitment.digest(parties.domain()), at, 0);
        return new ReceiptGiven(run.work().jobId(), commitment, receipt, by.sign(receipt.digest(parties.domain())));
    }

    private boolean takes(AttemptRecord run, Commitment commitment) {
        return sealer.isGenuine(run, receipt(run, commitment, lease(run), parties.hub()));
    }

    private static long lease(AttemptRecord run) {
        return run.work().assignment().leaseUntil();
    }

    @Test
    void shouldTakeReceiptsForWhatItSealed() {
        assertThat(takes(running, sealer.commitment(running, 1, null))).isTrue();
        assertThat(takes(running, sealer.commitment(running, 2, null))).isTrue();
        assertThat(takes(sealed, sealer.commitment(sealed, 3, OUTPUTS))).isTrue();
    }

    @Test
    void shouldTakeNoReceiptForASealThatItDidNotMake() {
        var other = new Commitment(running.assignmentHash(), 2, Digest.parse("0x" + "5".repeat(64)));
        assertThat(takes(running, other)).isFalse();
        assertThat(takes(running, new Commitment(running.assignmentHash(), 3, other.seal())))
                .isFalse();
        assertThat(takes(running, new Commitment(running.assignmentHash(), 0, other.seal())))
                .isFalse();
        assertThat(takes(running, sealer.commitment(sealed, 2, null))).isFalse();
        assertThat(takes(sealed, sealer.commitment(sealed, 3, content("others"))))
                .isFalse();
    }

    @Test
    void shouldTakeNoReceiptThatIsLateOrAnothers() {
        var commitment = sealer.commitment(running, 2, null);
        assertThat(sealer.isGenuine(running, receipt(running, commitment, lease(running) + 1, parties.hub())))
                .isFalse();
        assertThat(sealer.isGenuine(running, receipt(running, commitment, lease(running), parties.owner())))
                .isFalse();
    }
}
