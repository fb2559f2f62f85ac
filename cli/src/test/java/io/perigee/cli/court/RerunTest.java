package io.perigee.cli.court;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perigee.cli.Refusal;
import io.perigee.cli.SampleCase;
import io.perigee.cli.engine.Program;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a trainer's end and of what it wrote. */
class RerunTest {
    private final CourtCase about = SampleCase.at(2);
    private final List<String> notices = new ArrayList<>();
    private final HashSet<Path> works = new HashSet<>();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {64, 65})
    void shouldFindThatASegmentCannotBeRun(int exit) {
        // given
        var rerun = rerun((_, _) -> exit);

        // when
        var found = rerun.segment(about, files());

        // then
        assertThat(found).isEqualTo(new Finding.CannotBeRun("its words"));
        assertThat(found.leaf(about)).isEqualTo(CourtCase.CANNOT_BE_RUN);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 70, 75, 125, 137})
    void shouldFindNothingWhereTheMachineMayBeToBlame(int exit) {
        // given
        var rerun = rerun((_, _) -> exit);

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> rerun.segment(about, files()))
                .withMessageContaining("it ended with " + exit);
    }

    @Test
    void shouldNameTheFirstBorderThatDiffersThoughTheRestCannotBeRun() {
        // given: it comes to other checkpoints than the run's, and no further than border 1
        var rerun = rerun((stretch, border) -> {
            write(stretch, border);
            return border == 2 ? 65 : 0;
        });
        var first = SampleCase.at(1);

        // when
        var wrong = rerun.search(first, files()).orElseThrow();

        // then: the first that differs comes before it
        assertThat(wrong.border()).isEqualTo(1);
        assertThat(wrong.found()).isEqualTo(new Finding.Hashes(hashes(1)));
    }

    @Test
    void shouldNameTheFirstBorderWhenNoneCanBeReached() {
        // when
        var wrong = rerun((_, _) -> 65).search(SampleCase.at(1), files()).orElseThrow();

        // then
        assertThat(wrong).isEqualTo(new Rerun.Wrong(1, new Finding.CannotBeRun("its words")));
    }

    @Test
    void shouldRunNowhereTwice() {
        // given
        var rerun = rerun((_, _) -> 65);

        // when
        rerun.segment(about, files());
        rerun.segment(about, files());

        // then
        assertThat(works).hasSize(2).allSatisfy(work -> assertThat(work).doesNotExist());
        assertThat(notices).isEmpty();
    }

    // ---- inside

    private Rerun rerun(BiFunction<Trainer.Stretch, Integer, Integer> behaviour) {
        var trainer = new Trainer() {
            @Override
            public Program.Ended run(Stretch stretch) {
                works.add(stretch.work());
                for (int border = stretch.from() + 1; border <= stretch.to(); border++) {
                    int exit = behaviour.apply(stretch, border);
                    if (exit != 0) {
                        return new Program.Ended(exit, "", "its words\n");
                    }
                }
                return new Program.Ended(0, "", "");
            }

            @Override
            public String words() {
                return "a trainer";
            }
        };
        return new Rerun(trainer, directory, notices::add);
    }

    private CaseDirectory files() {
        return new CaseDirectory(directory.resolve("case"));
    }

    private static void write(Trainer.Stretch stretch, int border) {
        try {
            var checkpoint = Files.createDirectories(stretch.checkpoints().resolve(Integer.toString(border)));
            for (var name : CheckpointFiles.NAMES) {
                Files.write(checkpoint.resolve(name), bytes(border));
            }
            Files.createFile(checkpoint.resolve("DONE"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(int border) {
        return new byte[] {(byte) border};
    }

    private static SegmentHashes hashes(int border) {
        var each = Sha256.of(bytes(border));
        return new SegmentHashes(border, each, each, each, each);
    }
}
