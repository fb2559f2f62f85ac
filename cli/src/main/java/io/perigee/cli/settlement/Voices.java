package io.perigee.cli.settlement;

import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What auditors signed of the runs at hand. So many owners as the order's quorum decide about a run as so many runs do. */
record Voices(List<KeptEvidence> runs) {
    Voices {
        runs = List.copyOf(runs);
    }

    /** Auditors of distinct owners that signed for a run up to this seal. */
    List<KeptEvidence> upon(KeptEvidence run, KeptSeal seal) {
        var voices = new ArrayList<KeptEvidence>();
        for (var audit : runs) {
            boolean known = audit.assignment().owner().equals(run.assignment().owner())
                    || voices.stream().anyMatch(other -> other.assignment()
                            .owner()
                            .equals(audit.assignment().owner()));
            if (!known && signs(audit, run, seal)) {
                voices.add(audit);
            }
        }
        return List.copyOf(voices);
    }

    /** The furthest seal of a run that its auditors have decided about: what can be paid, however far it went on alone. */
    Optional<KeptSeal> decided(KeptEvidence run) {
        return run.seals().reversed().stream()
                .filter(seal -> decides(run, seal))
                .findFirst();
    }

    boolean decides(KeptEvidence run, KeptSeal seal) {
        return upon(run, seal).size() >= run.order().quorum();
    }

    private static boolean signs(KeptEvidence audit, KeptEvidence run, KeptSeal seal) {
        var kept = audit.verdict();
        if (kept == null || run.audits() || !audit.orderHash().equals(run.orderHash())) {
            return false;
        }
        var verdict = kept.verdict();
        return verdict.commitmentHash().equals(seal.commitment().digest(run.domain()))
                && verdict.verifiedTo() == seal.border()
                && verdict.root().equals(seal.opening().root())
                && verdict.outputDigest().equals(seal.opening().outputDigest());
    }
}
