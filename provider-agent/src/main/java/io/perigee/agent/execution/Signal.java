package io.perigee.agent.execution;

import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.gateway.HubMessage.ReceiptGiven;
import io.perigee.protocol.gateway.HubMessage.VerdictRequest;
import io.perigee.protocol.id.ContentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an attempt's thread is told. */
sealed interface Signal {
    record Receipted(ReceiptGiven message) implements Signal {}

    /** Stop at that border and open it. */
    record HaltAt(int border) implements Signal {}

    /** Upload the checkpoint of a border before an instant. */
    record CheckpointAsked(int border, Instant by) implements Signal {}

    /** The checkpoint of a border is with the hub, unasked. */
    record Uploaded(int border, ContentId checkpoint) implements Signal {}

    /** Judge another provider's run. */
    record VerdictAsked(VerdictRequest message) implements Signal {}

    /** What was sealed is no longer there to be shown. */
    record Spoilt(Failure failure) implements Signal {}

    /** The attempt is over; {@code end} is null when the hub only called it off. */
    record Close(@Nullable AttemptEnd end, String detail) implements Signal {}

    record ContainerEnded() implements Signal {}

    /** The engine does not answer any more. */
    record EngineLost(String detail) implements Signal {}

    /** The agent is being stopped by its owner. */
    record Shutdown() implements Signal {}
}
