package io.perigee.agent.execution;

import io.perigee.agent.gateway.HubLink;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.message.Commitment;
import org.jspecify.annotations.Nullable;

/**
 * What attempts say to the hub for good: each word is made from the record and the session key, so saying it twice is saying it
 * once. Of an attempt of another key it says nothing but that it failed.
 */
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
            case Phase.Preparing _, Phase.Running _, Phase.Resuming _, Phase.Finishing _, Phase.Halted _ -> {
                accept(attempt);
                prefix(attempt);
            }
            case Phase.Sealed(var outputs) -> sealed(attempt, outputs);
            case Phase.Finished(var outputs, var _) -> sealed(attempt, outputs);
            case Phase.Opened(int border, var outputs, var checkpoint) -> {
                reveal(attempt, border, outputs, checkpoint);
                verdict(attempt);
            }
            case Phase.Failed failed -> failed(attempt, failed);
            case Phase.Closed _ -> {}
        }
    }

    private void accept(AttemptRecord attempt) {
        if (sealer.isFor(attempt)) {
            hub.send(sealer.accept(attempt));
        }
    }

    private void sealed(AttemptRecord attempt, @Nullable ContentId outputs) {
        prefix(attempt);
        commit(attempt, attempt.toBorder(), outputs);
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
        if (attempt.receipt(border).isEmpty() && sealer.isFor(attempt)) {
            hub.send(sealer.commit(attempt, border, outputs));
        }
    }

    void reveal(AttemptRecord attempt, int border, @Nullable ContentId outputs, @Nullable ContentId checkpoint) {
        if (sealer.isFor(attempt)) {
            hub.send(sealer.reveal(attempt, border, outputs, checkpoint));
        }
    }

    /** Says the verdict it has signed, if it has. */
    void verdict(AttemptRecord attempt) {
        var signed = attempt.verdict();
        if (signed != null && sealer.isFor(attempt)) {
            hub.send(sealer.verdict(attempt, signed));
        }
    }

    void refuse(AttemptRecord attempt, Commitment shown, Judgement.Refused refused) {
        if (sealer.isFor(attempt)) {
            hub.send(sealer.refusal(attempt, shown, refused));
        }
    }

    void failed(AttemptRecord attempt, Phase.Failed failure) {
        hub.send(sealer.failed(attempt, failure));
    }
}
