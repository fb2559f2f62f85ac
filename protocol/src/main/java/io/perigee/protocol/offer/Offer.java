package io.perigee.protocol.offer;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.List;

/**
 * Capacity a provider sells, whether in use or not. What is free of it only the hub says: it subtracts the leases it gave.
 * An agent that subtracted too would have each attempt counted twice.
 *
 * @param numericClasses the classes its results can belong to
 * @param images job images it holds, each with a class of {@code numericClasses}
 * @param perMillionTokens price for a million trained tokens
 * @param perHour price for an hour of jobs that are not counted in tokens
 * @param slots how many attempts it runs at once, those already running included; 0 when it takes no new ones
 * @param memory bytes one attempt may use
 * @param disk bytes one attempt may use
 * @param cpus logical processors one attempt may use
 * @param region free text such as "eu-west"; empty when it does not say
 */
public record Offer(
        Hardware hardware,
        List<Digest> numericClasses,
        List<ImageClass> images,
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
        images = List.copyOf(images);
        gpus = List.copyOf(gpus);
    }
}
