package io.perigee.scenarios.simulation.adversary;

import io.perigee.scenarios.simulation.adversary.Strategy.Auditing;
import java.util.List;

/** The acceptance suite: what a market for strangers' machines has to survive. */
public final class Strategies {
    /** Plays by the rules. */
    public static final Strategy HONEST = new Others.Bystander(0, "honest");

    public static final int NEVER_ENDING = 19;
    public static final int REFUSING = 20;
    public static final int OUTAGES = 21;
    public static final int NOISE = 22;
    public static final int STORM = 25;
    public static final int PATIENT = 26;
    public static final int COPYING = 29;

    public static final List<Strategy> ALL = List.of(
            new Forgers.Whole(1, "returns random weights", 1),
            new Forgers.Whole(2, "returns the base unchanged", 1),
            new Forgers.Tail(3, "stops half way and pads", 0.5, 1),
            new Forgers.Whole(4, "skips every second step", 0.5),
            new Forgers.Whole(5, "computes in 8 bits", 0.4),
            new Forgers.Whole(6, "halves the batch", 0.5),
            new Forgers.Tail(7, "repeats a quarter of the data", 0.25, 0.2),
            new Withholders.Copycat(8, "copies another provider's commitment"),
            new Forgers.Whole(9, "copies another job's published checkpoint", 1),
            new Forgers.Whole(10, "forges the metrics of an honest run", 0.01),
            new Forgers.Poison(11, "poisons one segment of an honest run"),
            new Forgers.Sybils(12, "many identities with one false result"),
            new Withholders.Mute(13, "commits and never reveals"),
            new Withholders.Unserving(14, "does not serve the checkpoint that convicts"),
            new Forgers.Whole(15, "hands the work to a cheaper class", 0.3),
            new Others.Auditor(16, "audits without running", Auditing.MADE_UP, false, 0),
            new Forgers.Befriended(17, "has its auditors say what it says", false),
            new Others.Auditor(18, "accuses honest providers", Auditing.ACCUSING, true, 0),
            new Others.Bystander(NEVER_ENDING, "builder: an image that never ends"),
            new Others.Bystander(REFUSING, "builder: refuses every result"),
            new Others.Bystander(OUTAGES, "honest, 10 % outages"),
            new Others.Bystander(NOISE, "honest, noise of 3 sigma across classes"),
            new Withholders.Vanishing(23, "forges a prefix and vanishes"),
            new Withholders.Shielded(24, "hub: withholds the secret that would convict its friend"),
            new Others.Bystander(STORM, "honest, outages and noise at once"),
            new Withholders.Patient(PATIENT, "forges one segment with friends and withholds it"),
            new Forgers.Befriended(27, "forges half, its friends wait to audit it", true),
            new Forgers.BefriendedPoison(28, "forges one segment, its friends wait to audit it"),
            new Others.Auditor(COPYING, "runs honestly, its friends copy its leaves", Auditing.FRIENDLY, true, 1),
            new Forgers.Outputs(30, "forges nothing but the outputs"));

    private Strategies() {}
}
