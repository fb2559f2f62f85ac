package io.perigee.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page for people says what the code does. */
class ReadAnErrorTest {
    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve("docs/how-to/read-an-error.md");
    private static final Pattern CASE =
            Pattern.compile("^\\| .+ \\| (\\d{3}|-) \\| `([A-Z_]+)` \\| `\\w+\\.\\w+` \\|$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:IT|ST|Test))\\.(should\\w+)`");

    /** Statuses of the HTTP machinery, which are finer than the codes. */
    private static final Set<String> FINER =
            Set.of("405 UNSUPPORTED", "415 UNSUPPORTED", "416 MALFORMED", "408 TIMED_OUT");

    @Test
    void shouldNameCodesWithTheirStatus() throws IOException {
        // when
        var cases = CASE.matcher(Files.readString(PAGE)).results().toList();

        // then
        assertThat(cases).hasSizeGreaterThan(30).allSatisfy(ReadAnErrorTest::isTrue);
    }

    @Test
    void shouldNameTestsThatExist() throws IOException {
        // given
        var tests = TEST.matcher(Files.readString(PAGE)).results().toList();

        // then
        assertThat(tests).hasSizeGreaterThan(30);
        for (var test : tests) {
            assertThat(source(test.group(1))).as(test.group()).contains("void " + test.group(2) + "(");
        }
    }

    private static void isTrue(MatchResult line) {
        var code = ErrorCode.valueOf(line.group(2));
        if (line.group(1).equals("-") || FINER.contains(line.group(1) + " " + code)) {
            return;
        }
        assertThat(line.group(1)).as(line.group()).isEqualTo(Integer.toString(HttpStatus.of(code)));
    }

    private static String source(String test) throws IOException {
        for (var room : List.of("marketplace-api", "scheduler", "settlement", "provider-agent")) {
            try (var files = Files.walk(ROOT.resolve(room).resolve("src/test/java"))) {
                var found = files.filter(file -> file.endsWith(test + ".java")).findFirst();
                if (found.isPresent()) {
                    return Files.readString(found.get());
                }
            }
        }
        return "";
    }
}
