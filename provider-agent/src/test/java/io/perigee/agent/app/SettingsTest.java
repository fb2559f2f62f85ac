package io.perigee.agent.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.agent.capability.MachineScan;
import io.perigee.agent.capability.Share;
import io.perigee.agent.execution.MostBond;
import io.perigee.agent.identity.AgentHome;
import io.perigee.agent.identity.SessionKeyFile;
import io.perigee.agent.sandbox.ContainerSpec.User;
import io.perigee.protocol.error.InvalidValue;
import io.smallrye.config.ConfigValidationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
    @TempDir
    private Path home;

    private AgentSettings settings(String... lines) throws IOException {
        Files.writeString(home.resolve("agent.properties"), String.join("\n", lines));
        return SettingsSource.read(Optional.of(home));
    }

    @Test
    void shouldHaveTheDocumentedDefaults() throws IOException {
        // given
        var settings = SettingsSource.read(Optional.of(home));

        // when
        var share = SettingsSource.share(settings);

        // then
        assertThat(share).isEqualTo(new Share(1, 50, 50, 20_000_000_000L));
        assertThat(settings.home()).isEqualTo(home.toString());
        assertThat(settings.engine()).isEqualTo("unix:///var/run/docker.sock");
        assertThat(settings.grace().duration()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.pids()).isEqualTo(512);
        assertThat(settings.kept().bytes()).isEqualTo(20_000_000_000L);
        assertThat(settings.checkpointEvery()).isEqualTo(8);
        assertThat(settings.reserve().bytes()).isEqualTo(1_000_000_000L);
        assertThat(SettingsSource.mostBond(settings)).isEqualTo(new MostBond(2_000, Optional.empty()));
        assertThat(settings.paused()).isFalse();
        assertThat(settings.hubUrl()).isEmpty();
        assertThat(settings.runtime()).isEmpty();
        assertThat(SettingsSource.price(settings).perMillionTokens()).hasToString("1000000");
    }

    @Test
    void shouldReadTheHomesOwnFile() throws IOException {
        // given
        var settings = settings(
                "perigee.agent.slots=3",
                "perigee.agent.scratch=128MB",
                "perigee.agent.grace=500ms",
                "perigee.agent.run-as=1000:1001",
                "perigee.agent.per-million-tokens=77");

        // when
        var policy = SettingsSource.policy(settings, MachineScan.scan());

        // then
        assertThat(settings.slots()).isEqualTo(3);
        assertThat(policy.scratchBytes()).isEqualTo(128_000_000);
        assertThat(policy.user()).isEqualTo(new User(1000, 1001));
        assertThat(settings.grace().duration()).isEqualTo(Duration.ofMillis(500));
        assertThat(SettingsSource.price(settings).perMillionTokens()).hasToString("77");
    }

    @Test
    void shouldRefuseUnknownKeysAndUnreadableValues() {
        assertThatThrownBy(() -> settings("perigee.agent.cpu-percentage=3"))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("cpu-percentage");
        assertThatThrownBy(() -> settings("perigee.agent.disk=20 potatoes"))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("20 potatoes");
        assertThatThrownBy(() -> SettingsSource.policy(settings("perigee.agent.run-as=0:0"), MachineScan.scan()))
                .hasMessageContaining("other than root");
    }

    @Test
    void shouldMakeAKeyOnceAndTellItsAddress() throws IOException {
        // given
        int first = AgentMain.execute(hasher -> hasher, "keygen", "--home", home.toString());
        var files = new AgentHome(home);
        var key = SessionKeyFile.read(files, files.keyPassword());

        // when
        int second = AgentMain.execute(hasher -> hasher, "keygen", "--home", home.toString());

        // then
        assertThat(first).isZero();
        assertThat(second).isEqualTo(1);
        assertThat(key.address().value()).startsWith("0x");
        assertThat(Files.getPosixFilePermissions(files.sessionKey())).hasSize(2);
        Files.writeString(files.keyPassword(), "wrong");
        assertThatThrownBy(() -> SessionKeyFile.read(files, files.keyPassword()))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("password is wrong");
    }

    @Test
    void shouldSayInAVerbWhatIsWrong() {
        // given
        var verbs = new String[] {"status", "doctor"};

        // when
        var codes = Arrays.stream(verbs)
                .map(verb -> AgentMain.execute(
                        hasher -> hasher, verb, "--home", home.resolve("none").toString()))
                .toList();

        // then
        assertThat(codes).containsExactly(1, 1);
        assertThat(AgentMain.execute(hasher -> hasher, "nonsense")).isEqualTo(2);
    }
}
