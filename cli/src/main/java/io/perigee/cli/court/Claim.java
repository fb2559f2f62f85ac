package io.perigee.cli.court;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.CourtCase;

/** A case, and what its accuser comes to. */
record Claim(CourtCase about, Finding finding) {
    Digest leaf() {
        return finding.leaf(about);
    }

    /** As judges get it. */
    CourtCase written() {
        return switch (finding) {
            case Finding.Hashes(var hashes) -> about.claiming(hashes);
            case Finding.CannotBeRun _ -> about;
        };
    }
}
