package io.perigee.cli.job;

import io.perigee.cli.view.JobStory;
import io.perigee.protocol.message.JobOrder;

/** How far a job is watched. */
enum Until {
    /** The verdict is in, and so is the result. */
    DECIDED,
    /** The money is where it belongs. */
    SETTLED;

    /** An order that waits for its epoch is settled long after its result can be fetched. */
    static Until of(JobOrder order) {
        return order.direct() ? SETTLED : DECIDED;
    }

    boolean reached(JobStory story) {
        return story.over() || (this == DECIDED && story.planned());
    }
}
