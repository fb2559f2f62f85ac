package io.perigee.agent.execution;

import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.JobWritten;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a job leaves, as far as it is complete. It is on the disk for good before anybody notes it down: after a loss of power
 * the record would blame the job for what the machine lost.
 */
final class Borders {
    private static final Logger LOG = LoggerFactory.getLogger(Borders.class);

    private final BorderHasher hasher;
    private final JobFiles files;

    Borders(BorderHasher hasher, JobFiles files) {
        this.hasher = hasher;
        this.files = files;
    }

    /** The next border, if it is complete. */
    Optional<SegmentHashes> next(AttemptRecord attempt) throws IOException, Failure {
        int border = attempt.reached() + 1;
        if (!attempt.segmented()
                || border > attempt.toBorder()
                || !JobWritten.hasFile(files.checkpoint(border), CheckpointHasher.DONE)) {
            return Optional.empty();
        }
        try {
            var sealed = hasher.hash(border, files.checkpoint(border));
            JobWritten.force(files.checkpoints(), Integer.toString(border), CheckpointHasher.FILES);
            return Optional.of(sealed);
        } catch (JobWritten.Unacceptable e) {
            throw OutputContract.broken(String.valueOf(e.getMessage()));
        }
    }

    /** Of a job that has ended; what is wrong with them is said by whoever reads them. */
    void keepOutputs(AttemptRecord attempt) throws IOException {
        if (attempt.endsJob()) {
            try {
                JobWritten.force(files.outputs(), Manifest.MAX_FILES);
            } catch (JobWritten.Unacceptable e) {
                LOG.info("Outputs not kept assignment={} detail={}", attempt.assignmentHash(), e.getMessage());
            }
        }
    }
}
