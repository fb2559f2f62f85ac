package io.perigee.protocol.offer;

import java.util.List;

/**
 * The machine, as its agent detected it.
 *
 * @param features instruction sets that decide numeric classes: "avx2", "avx512f"
 */
public record Hardware(String os, String arch, String cpuModel, int logicalCpus, List<String> features) {
    public Hardware {
        features = List.copyOf(features);
    }
}
