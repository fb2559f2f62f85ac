package io.perigee.scenarios.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What a world, or many, came to. Money in job prices, work in jobs. */
public final class Tally {
    public long jobs;
    public long finished;
    public long identities;
    public long cheats;
    public long caught;
    public long ejected;
    public double gain;
    public double stolen;
    public double mostStolen;
    public double work;
    public double knownWork;
    public double knownAudits;
    public double newWork;
    public double newAudits;
    public double disputes;
    public double planted;
    public double lost;
    /** Run again at the cost of a hub that kept its secret back, or of a builder that lost a court. */
    public double atCulpritsCost;
    /** Whole leases of machines that an image held and never ended. */
    public long leasesLost;

    public long runs;
    public long runsOfThieves;

    public long honestSlashed;
    public long honestForfeits;
    /** Runs and audits of honest owners that were not paid, though done. */
    public long honestUnpaid;

    /** Honest runs that were silent once their segments were drawn. */
    public long doubts;

    public long disputed;
    /** Audits in which no quorum agreed on anything. */
    public long undecided;
    /** Draws for which the head of the chain had shown another block than the one that became final. */
    public long forked;

    /** Of one world: all that its owners are in the end, and what it came to. */
    String end = "";

    public final List<String> hashes = new ArrayList<>();

    public void add(Tally other) {
        jobs += other.jobs;
        finished += other.finished;
        identities += other.identities;
        cheats += other.cheats;
        caught += other.caught;
        ejected += other.ejected;
        gain += other.gain;
        stolen += other.stolen;
        mostStolen = Math.max(mostStolen, other.mostStolen);
        work += other.work;
        knownWork += other.knownWork;
        knownAudits += other.knownAudits;
        newWork += other.newWork;
        newAudits += other.newAudits;
        disputes += other.disputes;
        planted += other.planted;
        lost += other.lost;
        atCulpritsCost += other.atCulpritsCost;
        leasesLost += other.leasesLost;
        runs += other.runs;
        runsOfThieves += other.runsOfThieves;
        honestSlashed += other.honestSlashed;
        honestForfeits += other.honestForfeits;
        honestUnpaid += other.honestUnpaid;
        doubts += other.doubts;
        disputed += other.disputed;
        undecided += other.undecided;
        forked += other.forked;
        hashes.addAll(other.hashes);
    }

    /** Every number, for the hash of a world. */
    String words() {
        var counts = LongStream.of(
                jobs,
                finished,
                identities,
                cheats,
                caught,
                ejected,
                leasesLost,
                runs,
                runsOfThieves,
                honestSlashed,
                honestForfeits,
                honestUnpaid,
                doubts,
                disputed,
                undecided,
                forked);
        var sums = DoubleStream.of(
                gain,
                stolen,
                mostStolen,
                work,
                knownWork,
                knownAudits,
                newWork,
                newAudits,
                disputes,
                planted,
                lost,
                atCulpritsCost);
        return Stream.concat(counts.mapToObj(Long::toString), sums.mapToObj(Double::toString))
                .collect(Collectors.joining(" "));
    }

    /** Of what was tried, how much was found at once. */
    public double detection() {
        return cheats == 0 ? Double.NaN : (double) caught / cheats;
    }

    /** What one try brings over playing honestly. */
    public double gainPerCheat() {
        return cheats == 0 ? Double.NaN : gain / cheats;
    }

    /**
     * Work accepted though forged, for each identity that was put out. Over many identities this is what one steals in
     * its whole life, however soon a world ends.
     */
    public double stolenPerIdentity() {
        return stolen == 0 ? 0 : stolen / Math.max(1, ejected);
    }

    /** Everything run for verification, over the work verified, and the work itself. */
    public double replication() {
        return ratio(knownAudits + newAudits + disputes + planted, work);
    }

    public double replicationOfKnown() {
        return ratio(knownAudits, knownWork) + ratio(disputes + planted, work) - 1;
    }

    public double replicationOfNew() {
        return ratio(newAudits, newWork) + ratio(disputes + planted, work) - 1;
    }

    /** Share of all work accepted though wrong, once each owner has had so many jobs. */
    public double wrongAfter(int jobs, double share) {
        return share * stolenPerIdentity() / jobs;
    }

    public double wrong() {
        return work == 0 ? 0 : stolen / work;
    }

    private static double ratio(double extra, double base) {
        return base == 0 ? 1 : 1 + extra / base;
    }
}
