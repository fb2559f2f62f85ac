package io.perigee.agent.execution;

import io.perigee.protocol.id.ContentId;
import java.util.TreeMap;

/**
 * Opens borders in passing, so that what others need to audit the run and to go on from it is with the hub should this
 * machine be gone for good: once the checkpoint is uploaded and the hub's receipt for the seal is here. It remembers
 * nothing; after a restart the checkpoints are offered again, and opening again says the same.
 */
final class Passing {
    private final EvidenceStore evidence;
    private final Voice voice;
    private final TreeMap<Integer, ContentId> uploaded = new TreeMap<>();

    Passing(EvidenceStore evidence, Voice voice) {
        this.evidence = evidence;
        this.voice = voice;
    }

    void uploaded(AttemptRecord attempt, int border, ContentId checkpoint) {
        uploaded.put(border, checkpoint);
        open(attempt);
    }

    /** Opens whatever waited for nothing but a receipt. What is halted or sealed to its end is opened by itself. */
    void open(AttemptRecord attempt) {
        if (!attempt.phase().passes()) {
            return;
        }
        uploaded.entrySet().removeIf(entry -> {
            boolean receipted = attempt.receipt(entry.getKey()).isPresent();
            if (receipted) {
                evidence.keepPassed(attempt, entry.getKey());
                voice.reveal(attempt, entry.getKey(), null, entry.getValue());
            }
            return receipted;
        });
    }
}
