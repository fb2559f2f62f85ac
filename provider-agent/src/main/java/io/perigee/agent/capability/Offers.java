package io.perigee.agent.capability;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.offer.Hardware;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Words what this machine sells. Pure. */
public final class Offers {
    private Offers() {}

    /** What the owner asks for. */
    public record Price(Amount perMillionTokens, Amount perHour) {}

    /**
     * The offer of one moment. Slots in use are part of it: the hub counts them by its own leases.
     *
     * @param images what the machine's images said of their classes here
     * @param engine whether a container engine with every limit answers; without one there is nothing to sell
     * @param paused whether the owner wants no new work
     */
    public static Offer offer(
            Machine machine,
            Share share,
            Price price,
            String region,
            List<ImageClass> images,
            boolean engine,
            boolean paused) {
        return new Offer(
                machine.hardware(),
                engine ? classes(machine.hardware(), images) : List.of(),
                engine ? images : List.of(),
                price.perMillionTokens(),
                price.perHour(),
                engine && !paused ? share.slots() : 0,
                share.memory(machine),
                share.diskBytes(),
                share.cpus(machine),
                machine.gpus().stream().map(Machine.DetectedGpu::gpu).toList(),
                region);
    }

    private static List<Digest> classes(Hardware hardware, List<ImageClass> images) {
        return Stream.concat(
                        Stream.of(NumericClass.STRICT, machineClass(hardware)),
                        images.stream().map(ImageClass::numericClass))
                .distinct()
                .toList();
    }

    /**
     * The class of containers that pin nothing: only the same processor model with the same instruction sets is likely to
     * give the same bits.
     */
    static Digest machineClass(Hardware hardware) {
        var text = "perigee.class.machine.v1\n%s\n%s\n%s"
                .formatted(hardware.arch(), hardware.cpuModel(), String.join(",", hardware.features()));
        return Keccak256.hash(text.getBytes(StandardCharsets.UTF_8));
    }
}
