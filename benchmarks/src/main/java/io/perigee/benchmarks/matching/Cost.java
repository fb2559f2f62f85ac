package io.perigee.benchmarks.matching;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What this thread has spent since: processor time, which a busy machine changes less than the clock, and memory. */
public final class Cost {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long nanos = THREAD.getCurrentThreadCpuTime();
    private final long bytes = THREAD.getCurrentThreadAllocatedBytes();

    public double seconds() {
        return (THREAD.getCurrentThreadCpuTime() - nanos) / 1e9;
    }

    public long bytes() {
        return THREAD.getCurrentThreadAllocatedBytes() - bytes;
    }
}
