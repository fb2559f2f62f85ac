package io.perigee.cli;

import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;

/** A run of four segments, and cases about it. */
public final class SampleCase {
    private SampleCase() {}

    public static CourtCase at(int border) {
        var bundle = SampleBundle.of(SampleJobs.strict(2), Parties.digest("outputs"));
        var run = bundle.payable().winners().getFirst();
        return new CourtCase(CourtCase.VERSION, bundle.spec(), evidence(), run.segments(), border, null);
    }

    public static KeptEvidence evidence() {
        var bundle = SampleBundle.of(SampleJobs.strict(2), Parties.digest("outputs"));
        return KeptEvidence.of(
                bundle.domain(),
                bundle.order(),
                bundle.orderSignature(),
                bundle.payable().winners().getFirst());
    }
}
