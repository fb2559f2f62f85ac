package io.perigee.protocol.offer;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.List;

/**
 * Capacity a provider sells at this moment.
 *
 * @param numericClasses the classes its results can belong to
 * @param perMillionTokens price for a million trained tokens
 * @param perHour price for an hour of jobs that are not counted in tokens
 * @param slots how many attempts it runs at once, those already running included; 0 when it takes none
 * @param memory bytes one attempt may use
 * @param disk bytes one attempt may use
 * @param cpus logical processors one attempt may use
 * @param region free text such as "eu-west"; empty when it does not say
 */
public record Offer(
        Hardware hardware,
        List<Digest> numericClasses,
        Amount perMillionTokens,
        Amount perHour,
        int slots,
        long memory,
        long disk,
        int cpus,
        List<Gpu> gpus,
        String region) {
    public Offer {
        numericClasses = List.copyOf(numericClasses);
        gpus = List.copyOf(gpus);
    }
}
