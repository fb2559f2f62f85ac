package io.perigee.cli.court;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.SegmentHashes;

/** What a segment comes to when it is run again. */
sealed interface Finding {
    /** What is said to the court: by judges as their vote, by accusers as their claim. */
    Digest leaf(CourtCase about);

    /** A checkpoint. */
    record Hashes(SegmentHashes hashes) implements Finding {
        @Override
        public Digest leaf(CourtCase about) {
            return about.leaf(hashes);
        }
    }

    /**
     * Nothing: by the exit codes of the container contract the trainer says that the job, or what it was to begin from, is
     * none. It says so on every machine, and a run that went on from there did not run.
     *
     * @param why the trainer's last words
     */
    record CannotBeRun(String why) implements Finding {
        @Override
        public Digest leaf(CourtCase about) {
            return CourtCase.CANNOT_BE_RUN;
        }
    }
}
