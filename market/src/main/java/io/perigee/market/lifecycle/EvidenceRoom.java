package io.perigee.market.lifecycle;

import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.protocol.spec.SpecLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one decision can show. It is one record, and a record has a bound: who worked is paid in any case, and of runs that
 * were wrong as many lose their bonds as there is room for, earlier ones first.
 */
final class EvidenceRoom {
    private EvidenceRoom() {}

    /** What a job owes, with as many runs that it proves wrong as fit beside it and the parts before it. */
    static Payable against(Job job, Payable held, List<RunEvidence> wrong) {
        long room = SpecLimits.EVIDENCE
                - Stream.concat(job.parts().stream().map(Job.Part::payable), Stream.of(held))
                        .mapToLong(EvidenceRoom::leaves)
                        .sum();
        var shown = new ArrayList<RunEvidence>();
        for (var run : wrong) {
            if (run.segments().size() <= room) {
                shown.add(run);
                room -= run.segments().size();
            }
        }
        return held.against(shown);
    }

    private static long leaves(Payable payable) {
        return payable.links().stream()
                .flatMap(link -> Stream.of(
                        link.winners().stream(),
                        link.contradictors().stream(),
                        link.verdicts().stream().map(audit -> audit.run())))
                .flatMap(runs -> runs)
                .mapToLong(run -> run.segments().size())
                .sum();
    }
}
