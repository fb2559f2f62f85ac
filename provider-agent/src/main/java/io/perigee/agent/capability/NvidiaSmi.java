package io.perigee.agent.capability;

import io.perigee.protocol.offer.Gpu;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks NVIDIA's own tool for the GPUs. No tool, a tool that hangs (a driver in trouble does that) or lines that cannot
 * be read mean fewer GPUs, never a failure to start.
 */
public final class NvidiaSmi {
    private static final Logger LOG = LoggerFactory.getLogger(NvidiaSmi.class);
    private static final String QUERY = "--query-gpu=uuid,name,memory.total,compute_cap,driver_version";
    private static final int LARGEST_ANSWER = 64 * 1024;
    private static final int MOST_GPUS = 64;
    private static final int FIELDS = 5;
    private static final long MIB = 1L << 20;

    private NvidiaSmi() {}

    static List<Machine.DetectedGpu> gpus(String tool, Duration timeout) {
        Process process;
        try {
            process = new ProcessBuilder(tool, QUERY, "--format=csv,noheader,nounits")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return List.of();
        }
        try {
            var killer = Thread.ofVirtual().start(() -> killLate(process, timeout));
            var answer = process.getInputStream().readNBytes(LARGEST_ANSWER);
            process.destroyForcibly();
            killer.interrupt();
            return parse(new String(answer, StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("The GPU tool's answer could not be read detail={}", e.getMessage());
            return List.of();
        }
    }

    private static void killLate(Process process, Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The GPU tool did not answer in time seconds={}", timeout.toSeconds());
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // The answer is in.
        }
    }

    /** Reads the tool's CSV; a line that is not five fields with a size is passed over. */
    static List<Machine.DetectedGpu> parse(String csv) {
        var gpus = new ArrayList<Machine.DetectedGpu>();
        for (var line : csv.lines().limit(MOST_GPUS).toList()) {
            var fields = line.split(",", -1);
            if (fields.length != FIELDS || !fields[0].strip().matches("GPU-[0-9a-fA-F-]{8,64}")) {
                if (!line.isBlank()) {
                    LOG.warn(
                            "A line of the GPU tool was passed over line={}",
                            line.length() > 200 ? line.substring(0, 200) : line);
                }
                continue;
            }
            try {
                gpus.add(new Machine.DetectedGpu(
                        fields[0].strip(),
                        new Gpu(
                                fields[1].strip(),
                                Math.multiplyExact(Long.parseLong(fields[2].strip()), MIB),
                                fields[3].strip(),
                                fields[4].strip())));
            } catch (NumberFormatException | ArithmeticException e) {
                LOG.warn("A GPU without a size was passed over uuid={}", fields[0].strip());
            }
        }
        return List.copyOf(gpus);
    }
}
