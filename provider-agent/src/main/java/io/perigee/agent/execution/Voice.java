package io.perigee.agent.execution;

import io.perigee.agent.gateway.HubLink;
import io.perigee.protocol.id.ContentId;
import org.jspecify.annotations.Nullable;

/** What attempts say to the hub for good: each word is made from the record, so saying it twice is saying it once. */
final class Voice {
    private final Sealer sealer;
    private final HubLink hub;

    Voice(Sealer sealer, HubLink hub) {
        this.sealer = sealer;
        this.hub = hub;
    }

    /** What was said before a crash may not have been stored by the hub; repeating it is harmless. */
    void sayAgain(AttemptRecord attempt) {
        switch (attempt.phase()) {
            case Phase.Preparing _, Phase.Running _, Phase.Finishing _, Phase.Halted _ -> {
                hub.send(sealer.accept(attempt));
                prefix(attempt);
            }
            case Phase.Finished finished -> {
                prefix(attempt);
                commit(attempt, attempt.toBorder(), finished.outputs());
            }
            case Phase.Opened(int border, var outputs, var checkpoint) -> reveal(attempt, border, outputs, checkpoint);
            case Phase.Failed failed -> failed(attempt, failed);
            case Phase.Closed _ -> {}
        }
    }

    private void prefix(AttemptRecord attempt) {
        for (var segment : attempt.segments()) {
            if (segment.border() < attempt.toBorder()) {
                commit(attempt, segment.border(), null);
            }
        }
    }

    /** Commits to a border, unless the hub's receipt for it is here already. */
    void commit(AttemptRecord attempt, int border, @Nullable ContentId outputs) {
        if (attempt.receipt(border).isEmpty()) {
            hub.send(sealer.commit(attempt, border, outputs));
        }
    }

    void reveal(AttemptRecord attempt, int border, @Nullable ContentId outputs, @Nullable ContentId checkpoint) {
        hub.send(sealer.reveal(attempt, border, outputs, checkpoint));
    }

    void failed(AttemptRecord attempt, Phase.Failed failure) {
        hub.send(sealer.failed(attempt, failure));
    }
}
