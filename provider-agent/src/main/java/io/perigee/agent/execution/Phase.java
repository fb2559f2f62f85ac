package io.perigee.agent.execution;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.ContentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where an attempt stands on this machine. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "phase")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Phase.Preparing.class, name = "preparing"),
    @JsonSubTypes.Type(value = Phase.Running.class, name = "running"),
    @JsonSubTypes.Type(value = Phase.Resuming.class, name = "resuming"),
    @JsonSubTypes.Type(value = Phase.Finishing.class, name = "finishing"),
    @JsonSubTypes.Type(value = Phase.Sealed.class, name = "sealed"),
    @JsonSubTypes.Type(value = Phase.Finished.class, name = "finished"),
    @JsonSubTypes.Type(value = Phase.Halted.class, name = "halted"),
    @JsonSubTypes.Type(value = Phase.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = Phase.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Phase.Closed.class, name = "closed")
})
public sealed interface Phase {

    /** Accepted; inputs and image are on their way. */
    record Preparing() implements Phase {}

    /**
     * @param container the engine's id
     * @param startedAt when the first container of this attempt was; a restart wins no time
     * @param boot of the machine that the container runs on, see {@link Boot}; null where it is not known
     */
    record Running(
            String container, Instant startedAt, @Nullable String boot) implements Phase {
        /** Whether the machine went down under it: nothing runs any more, and what it wrote last may be there in part only. */
        boolean isBefore(@Nullable String present) {
            return boot != null && present != null && !boot.equals(present);
        }
    }

    /** Its container was ended from outside; another goes on from the newest border. */
    record Resuming(Instant startedAt) implements Phase {}

    /** The container ended well; its results are being checked. */
    record Finishing() implements Phase {}

    /**
     * The last border is sealed, and its files are on their way.
     *
     * @param outputs the manifest of the outputs; null when the assignment ends before the job does
     */
    record Sealed(@Nullable ContentId outputs) implements Phase {}

    /** Everything that has to be is uploaded; waiting for the last border's receipt. */
    record Finished(@Nullable ContentId outputs, @Nullable ContentId checkpoint) implements Phase {}

    /** Stopped on request at a border; waiting for its receipt to open it. */
    record Halted(int border) implements Phase {}

    /** Opened to the hub; waiting for the verdict, or for a request to open a part. The job's files are still here. */
    record Opened(
            int border,
            @Nullable ContentId outputs,
            @Nullable ContentId checkpoint) implements Phase {}

    /** Reported as failed. */
    record Failed(FailureKind kind, @Nullable Integer exitCode, String detail) implements Phase {}

    /** Over; only the record is kept. */
    record Closed(@Nullable AttemptEnd end, String detail) implements Phase {}

    /** Whether borders are opened in passing: what is halted, or sealed to its end, is opened by itself. */
    default boolean passes() {
        return this instanceof Running || this instanceof Resuming;
    }

    /** Whether the attempt occupies a slot of the machine. */
    default boolean computing() {
        return switch (this) {
            case Preparing _, Running _, Resuming _ -> true;
            case Finishing _, Sealed _, Finished _, Halted _, Opened _, Failed _, Closed _ -> false;
        };
    }

    /** Whether all is said that has to be signed. */
    default boolean allSaid() {
        return switch (this) {
            case Opened _, Failed _, Closed _ -> true;
            case Preparing _, Running _, Resuming _, Finishing _, Sealed _, Finished _, Halted _ -> false;
        };
    }
}
