package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.testkit.process.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the process ends when it is told the wrong things. */
class SchedulerMainTest {
    private static final int BAD_SETTINGS = 78;

    @TempDir
    Path directory;

    @Test
    void shouldSayInALineEachWhatIsMissing() throws Exception {
        // given
        var settings = SettingsTest.needed();
        settings.remove("perigee.chain.escrow");
        settings.remove("perigee.chain.window");

        // when
        var ended = run(settings);

        // then
        assertThat(ended.exit()).isEqualTo(BAD_SETTINGS);
        assertThat(ended.said()).hasSize(2);
        assertThat(ended.said()).anyMatch(line -> line.contains("perigee.chain.escrow"));
        assertThat(ended.said()).anyMatch(line -> line.contains("perigee.chain.window"));
    }

    @Test
    void shouldSayInOneLineWhatItDoesNotKnow() throws Exception {
        // given
        var settings = SettingsTest.needed();
        settings.put("perigee.scheduler.crash-limits", "3");

        // when
        var ended = run(settings, "verify-selection", "1");

        // then
        assertThat(ended.exit()).isEqualTo(BAD_SETTINGS);
        assertThat(ended.said()).singleElement().asString().contains("perigee.scheduler.crash-limits");
    }

    private record Ended(int exit, List<String> said) {}

    private Ended run(Map<String, String> settings, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Jvm.program());
        new TreeMap<>(settings).forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", Jvm.classPath(), SchedulerMain.class.getName()));
        command.addAll(List.of(arguments));
        var errors = directory.resolve("errors");
        var builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("output").toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PERIGEE_") || name.startsWith("JAVA_TOOL"));
        var process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("Expected the scheduler to end, but it runs on");
        }
        return new Ended(process.exitValue(), Files.readAllLines(errors));
    }
}
