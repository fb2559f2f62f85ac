package io.perigee.agent.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Hardware;
import io.perigee.protocol.offer.ImageClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CapabilityTest {
    private static final Machine MACHINE =
            new Machine(new Hardware("Debian", "amd64", "A CPU", 8, List.of("avx2")), 16_000_000_000L, List.of());
    private static final Offers.Price PRICE = new Offers.Price(Amount.of(5), Amount.of(6));

    private static final ImageClass IMAGE_CLASS = new ImageClass(
            ContentId.parse("sha256:" + "7".repeat(64)), Digest.parse("0x" + "5".repeat(64)), "avx2", false, 1_000);

    @TempDir
    private Path directory;

    @Test
    void shouldReadTheGpuToolsLines() {
        // given
        var csv = """
        GPU-5f3c1a2b-0000-1111-2222-333344445555, NVIDIA H200, 143771, 9.0, 570.86.15
        GPU-00000000-0000-1111-2222-333344445555, NVIDIA GeForce RTX 4090, [N/A], 8.9, 570.86.15
        No devices were found
        """;

        // when
        var gpus = NvidiaSmi.parse(csv);

        // then
        assertThat(gpus)
                .containsExactly(new Machine.DetectedGpu(
                        "GPU-5f3c1a2b-0000-1111-2222-333344445555",
                        new Gpu("NVIDIA H200", 143_771L << 20, "9.0", "570.86.15")));
    }

    @Test
    void shouldGoOnWithoutGpusWhenTheToolIsAbsentHangsOrFloods() throws IOException {
        // given
        var hangs = tool("sleep 60");
        var floods = tool("while true; do echo 'x,y,z,z,z'; done");

        // when
        var started = System.nanoTime();
        var absent = NvidiaSmi.gpus(directory.resolve("nothing").toString(), Duration.ofSeconds(1));
        var hung = NvidiaSmi.gpus(hangs, Duration.ofMillis(300));
        var flooded = NvidiaSmi.gpus(floods, Duration.ofSeconds(5));

        // then
        assertThat(absent).isEmpty();
        assertThat(hung).isEmpty();
        assertThat(flooded).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
    }

    private String tool(String script) throws IOException {
        var file = Files.createTempFile(directory, "tool", "");
        Files.writeString(
                file, "#!/bin/sh\nexec " + (script.startsWith("while") ? "sh -c \"" + script + "\"" : script) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }

    @Test
    void shouldFindThisMachine() {
        // given
        // this machine

        // when
        var machine = MachineScan.scan();

        // then
        assertThat(machine.hardware().logicalCpus()).isPositive();
        assertThat(machine.memory()).isGreaterThan(100_000_000);
        assertThat(machine.hardware().cpuModel()).isNotBlank();
    }

    @Test
    void shouldOfferTheOwnersShareDividedBySlots() {
        // given
        var share = new Share(2, 50, 50, 1_000);

        // when
        var offer = Offers.offer(MACHINE, share, PRICE, "eu", List.of(), true, false);

        // then
        assertThat(offer.cpus()).isEqualTo(2);
        assertThat(offer.memory()).isEqualTo(4_000_000_000L);
        assertThat(offer.disk()).isEqualTo(1_000);
        assertThat(offer.slots()).isEqualTo(2);
        assertThat(offer.numericClasses()).contains(NumericClass.STRICT).hasSize(2);
        assertThat(offer.region()).isEqualTo("eu");
    }

    @Test
    void shouldOfferNothingWhilePausedOrWithoutAnEngine() {
        // given
        var share = new Share(2, 50, 50, 1_000);

        // when
        var paused = Offers.offer(MACHINE, share, PRICE, "", List.of(), true, true);
        var engineless = Offers.offer(MACHINE, share, PRICE, "", List.of(IMAGE_CLASS), false, false);

        // then
        assertThat(List.of(paused, engineless)).allMatch(offer -> offer.slots() == 0);
        assertThat(engineless.numericClasses()).isEmpty();
        assertThat(engineless.images()).isEmpty();
    }

    @Test
    void shouldOfferTheClassesItsImagesNamed() {
        // when
        var offer = Offers.offer(MACHINE, new Share(2, 50, 50, 1_000), PRICE, "eu", List.of(IMAGE_CLASS), true, false);

        // then
        assertThat(offer.images()).containsExactly(IMAGE_CLASS);
        assertThat(offer.numericClasses()).contains(IMAGE_CLASS.numericClass()).hasSize(3);
    }

    @Test
    void shouldLendAtLeastOneCore() {
        assertThat(new Share(64, 1, 1, 1).cpus(MACHINE)).isEqualTo(1);
        assertThatThrownBy(() -> new Share(0, 1, 1, 1)).hasMessage("Expected slots to be from 1 to 64, but it is 0");
        assertThatThrownBy(() -> new Share(1, 101, 1, 1)).hasMessageContaining("cpu-percent");
    }

    @Test
    void shouldPutOnlyEqualMachinesIntoOneClass() {
        // given
        var same = new Hardware("Ubuntu", "amd64", "A CPU", 64, List.of("avx2"));
        var other = new Hardware("Debian", "amd64", "A CPU", 8, List.of("avx2", "avx512f"));

        // when
        var machineClass = Offers.machineClass(MACHINE.hardware());

        // then
        assertThat(Offers.machineClass(same)).isEqualTo(machineClass);
        assertThat(Offers.machineClass(other)).isNotEqualTo(machineClass);
    }
}
