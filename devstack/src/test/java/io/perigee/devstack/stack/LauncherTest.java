package io.perigee.devstack.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    private static final String WRITE = "-XX:AOTCacheOutput=";
    private static final String READ = "-XX:AOTCache=";

    @TempDir
    private Path state;

    private Launcher.Program program;

    @BeforeEach
    void build() throws IOException {
        program = Launcher.jar("api", Files.writeString(state.resolve("api.jar"), "a program"), 64);
    }

    @Test
    void shouldWriteACacheOnceAndReadItFromThenOn() throws IOException {
        // given
        var first = new Launcher(StartupCaches.of(state));
        Path fresh = option(WRITE, first.cache(program));

        // when
        var meanwhile = first.cache(program);
        Files.writeString(fresh, "a cache");
        var later = new Launcher(StartupCaches.of(state)).cache(program);

        // then
        assertThat(meanwhile).isEmpty();
        assertThat(option(READ, later)).exists().isNotEqualTo(fresh);
    }

    @Test
    void shouldOnlyReadTheCachesOfAnotherState() throws IOException {
        // given
        var stranger = new Launcher(StartupCaches.readFrom(state));
        var without = stranger.cache(program);
        Path fresh = option(WRITE, new Launcher(StartupCaches.of(state)).cache(program));
        Path notes = Files.writeString(fresh.resolveSibling(fresh.getFileName() + ".config"), "notes");
        Files.writeString(fresh, "half a cache");
        var half = stranger.cache(program);
        Files.delete(notes);

        // when
        var whole = stranger.cache(program);

        // then
        assertThat(without).isEmpty();
        assertThat(half).isEmpty();
        assertThat(option(READ, whole)).isEqualTo(fresh);
    }

    @Test
    void shouldNotReadACacheOfAnotherBuild() throws IOException {
        // given
        Files.writeString(option(WRITE, new Launcher(StartupCaches.of(state)).cache(program)), "a cache");
        Files.writeString(state.resolve("api.jar"), "another program");

        // when
        var options = new Launcher(StartupCaches.readFrom(state)).cache(program);

        // then
        assertThat(options).isEmpty();
    }

    private static Path option(String name, List<String> options) {
        return options.stream()
                .filter(option -> option.startsWith(name))
                .map(option -> Path.of(option.substring(name.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + options));
    }
}
