package io.perigee.agent.capability;

/**
 * What the owner lends.
 *
 * @param slots attempts at one time
 * @param cpuPercent of the logical processors, for all slots together
 * @param memoryPercent of the memory, for all slots together
 * @param diskBytes for each attempt
 */
public record Share(int slots, int cpuPercent, int memoryPercent, long diskBytes) {
    public Share {
        require("slots", slots, 1, 64);
        require("cpu-percent", cpuPercent, 1, 100);
        require("memory-percent", memoryPercent, 1, 100);
        if (diskBytes < 1) {
            throw new IllegalArgumentException("Expected disk to be at least 1 byte, but it is " + diskBytes);
        }
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "Expected %s to be from %d to %d, but it is %d".formatted(name, least, most, value));
        }
    }

    /** Cores for one attempt: a whole number, at least one. */
    public int cpus(Machine machine) {
        return Math.max(1, machine.hardware().logicalCpus() * cpuPercent / 100 / slots);
    }

    /** Bytes for one attempt. */
    public long memory(Machine machine) {
        return machine.memory() / 100 * memoryPercent / slots;
    }
}
