package io.perigee.agent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

/** The page for providers, against the program. */
final class AgentPageTest {
    private static final Path PAGE = Path.of("README.md");
    private static final String ENROLL = "perigee provider enroll --agent-home ";
    /** Name, unit, default. */
    private static final Pattern SETTING =
            Pattern.compile("(?m)^\\| `([a-z-]+)` \\| ([^|]+) \\| (?:`([^`]*)`)? ?\\| [^|]+ \\|$");

    @TempDir
    private Path home;

    @Test
    void shouldNameEverySettingWithItsDefaultAndNoOther() throws IOException {
        // given
        var settings = Arrays.stream(AgentSettings.class.getDeclaredMethods())
                .collect(Collectors.toMap(AgentPageTest::name, AgentPageTest::standard));

        // when
        var named = named(Files.readString(PAGE));

        // then
        assertThat(named).isEqualTo(settings);
    }

    @Test
    void shouldNameEveryVerb() throws IOException {
        // given
        var verbs = Arrays.stream(command(AgentMain.class).subcommands())
                .map(verb -> command(verb).name())
                .toList();

        // when
        var page = Files.readString(PAGE);

        // then
        assertThat(verbs).hasSizeGreaterThan(5).allSatisfy(verb -> assertThat(page)
                .contains("| `perigee-agent " + verb + "` |"));
    }

    @Test
    void shouldSendTheOwnerToTheCommandThatThePageNames() throws IOException {
        // given
        var doctor = new Doctor(SettingsSource.read(Optional.of(home)));

        // when
        var enrolment = doctor.examine().stream()
                .filter(finding -> finding.name().equals("enrolment"))
                .findFirst()
                .orElseThrow();

        // then
        assertThat(enrolment.ok()).isFalse();
        assertThat(enrolment.hint()).contains(ENROLL);
        assertThat(Files.readString(PAGE)).contains(ENROLL);
    }

    private static Command command(Class<?> type) {
        return Objects.requireNonNull(type.getAnnotation(Command.class));
    }

    private static Map<String, String> named(String page) {
        var named = new TreeMap<String, String>();
        SETTING.matcher(page)
                .results()
                .forEach(row -> named.put(row.group(1), row.group(3) == null ? "" : row.group(3)));
        return named;
    }

    /** As SmallRye Config names it: {@code cpuPercent} is {@code cpu-percent}. */
    private static String name(Method setting) {
        return setting.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String standard(Method setting) {
        var standard = setting.getAnnotation(WithDefault.class);
        return standard == null ? "" : standard.value();
    }
}
