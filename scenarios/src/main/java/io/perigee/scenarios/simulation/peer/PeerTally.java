package io.perigee.scenarios.simulation.peer;

/** What a peer's rule came to; money in job prices, work in jobs. */
public final class PeerTally {
    long jobs;
    long runs;
    long cheats;
    long caught;
    long honestPunished;
    double gain;
    double stolen;

    public void add(PeerTally other) {
        jobs += other.jobs;
        runs += other.runs;
        cheats += other.cheats;
        caught += other.caught;
        honestPunished += other.honestPunished;
        gain += other.gain;
        stolen += other.stolen;
    }

    public double replication() {
        return (double) runs / Math.max(1, jobs);
    }

    public double gainPerCheat() {
        return cheats == 0 ? Double.NaN : gain / cheats;
    }

    public double wrong() {
        return stolen / Math.max(1, jobs);
    }
}
