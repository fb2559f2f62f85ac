package io.perigee.scenarios.simulation;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.JobOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A job under way: how far it is verified, and all its attempts. */
final class Job {
    final int number;
    final JobId id;
    final Builder builder;
    final JobOrder order;
    final Digest orderHash;
    /** Whether its image ever ends. */
    final boolean ends;

    final List<Attempt> attempts = new ArrayList<>();
    /** Hashed once. */
    final Map<String, Digest> leaves = new HashMap<>();

    /** Owners whose machines committed nothing. */
    final Set<Owner> crashed = new HashSet<>();
    /** Of them, those that were there to the end and passed no border. */
    final Set<Owner> stuck = new HashSet<>();

    /** Runs that were accepted, each from where the one before it ends. */
    final List<Attempt> accepted = new ArrayList<>();

    boolean submitted;
    int verifiedTo;
    boolean over;
    /** Whether nobody could say who was right about a whole run. */
    boolean undecided;
    /** A look at it is due already. */
    boolean waits;

    Job(int number, JobId id, Builder builder, JobOrder order, Digest orderHash, boolean ends) {
        this.number = number;
        this.id = id;
        this.builder = builder;
        this.order = order;
        this.orderHash = orderHash;
        this.ends = ends;
    }

    List<Attempt> auditorsOf(Attempt run) {
        return attempts.stream().filter(each -> each.audited == run).toList();
    }
}
