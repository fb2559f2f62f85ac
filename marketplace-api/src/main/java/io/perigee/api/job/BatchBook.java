package io.perigee.api.job;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.JobSpec;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Keeps new jobs, many at once, each under its key. Blocks; for virtual threads. */
public interface BatchBook {
    /** What was answered under a key before. */
    record Earlier(String bodyHash, JobId job) {}

    /** What became of one submission. */
    enum Stored {
        /** A new job. */
        TAKEN,
        /** Another request took the key meanwhile; ask {@link #earlier} what it was. */
        KEY_USED,
        /** The order, or its job's id, was submitted before. */
        ORDER_USED
    }

    /**
     * What is known when orders come.
     *
     * @param earlier of the keys those that were used, with what they were used for
     * @param situation what all these orders are judged by
     * @param room how many more of the builder's jobs may wait to be placed
     */
    record Look(Map<String, Earlier> earlier, JobBook.Situation situation, int room) {
        public Look {
            earlier = Map.copyOf(earlier);
        }
    }

    Look look(Address builder, Collection<String> keys, Collection<JobSpec> specs);

    /** Of the keys, those that were used, with what they were used for. */
    Map<String, Earlier> earlier(Address builder, Collection<String> keys);

    /**
     * Stores jobs, each with its answer under its key and the fact that it was submitted, in one commit. One that cannot be
     * stored does not hinder the others. The facts leave in the order of the list.
     *
     * @param submissions of one builder, with distinct keys and distinct jobs
     * @return what became of each, in the same order
     */
    List<Stored> store(Address builder, List<JobBook.Submission> submissions);
}
