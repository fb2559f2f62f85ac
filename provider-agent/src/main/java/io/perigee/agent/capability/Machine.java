package io.perigee.agent.capability;

import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Hardware;
import java.util.List;

/**
 * What was found on this machine.
 *
 * @param memory bytes
 * @param gpus with the UUIDs by which an engine leases them
 */
public record Machine(Hardware hardware, long memory, List<DetectedGpu> gpus) {
    public Machine {
        gpus = List.copyOf(gpus);
    }

    /** @param uuid such as "GPU-5f3c…" */
    public record DetectedGpu(String uuid, Gpu gpu) {}
}
