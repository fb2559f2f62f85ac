package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.cli.ethereum.Dispute;
import io.perigee.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A directory of case directories, as they came in. */
record Shelf(Path root) {
    private static final int MOST = 1_000;

    /** Those that say they are about this dispute; what cannot be read is as good as not there. */
    List<CaseDirectory> find(Dispute dispute) {
        return cases().stream().filter(files -> isAbout(files, dispute)).toList();
    }

    private List<CaseDirectory> cases() {
        try (var listing = Files.list(root)) {
            return listing.filter(path -> Files.isRegularFile(path.resolve(CaseDirectory.CASE)))
                    .sorted()
                    .limit(MOST)
                    .map(CaseDirectory::new)
                    .toList();
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Expected case directories in '%s', but it cannot be listed".formatted(root),
                    "Make the directory, and put each case that you are given into it");
        }
    }

    private static boolean isAbout(CaseDirectory files, Dispute dispute) {
        try {
            var about = files.read();
            return about.run().assignmentHash().equals(dispute.assignmentHash())
                    && about.accusedLeaf().equals(dispute.accusedLeaf());
        } catch (RuntimeException _) {
            return false;
        }
    }
}
