package io.perigee.agent.capability;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.sandbox.ContainerSpec.User;
import io.perigee.agent.sandbox.Sandbox;
import io.perigee.agent.sandbox.SandboxPolicy;
import io.perigee.agent.sandbox.docker.DockerEngine;
import io.perigee.agent.testing.PrivateEngine;
import io.perigee.image.ImageArchive;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.offer.Hardware;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.testkit.image.JobImage;
import io.perigee.testkit.sample.SampleProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassSurveyIT {
    private static final ProviderId PROVIDER = SampleProvider.of("surveyor").id();
    private static final SandboxPolicy POLICY =
            new SandboxPolicy(200_000_000, 2, 1L << 30, 0, 64, 1_000_000, 100_000, User.NOBODY, Optional.empty());
    private static final ContentId HONEST = JobImage.of("honest").image();

    private final DockerEngine engine = PrivateEngine.get().connect();

    @TempDir
    private Path directory;

    @BeforeEach
    void load() throws IOException {
        for (var behaviour : List.of("honest", "crash")) {
            var made = JobImage.of(behaviour);
            var file = directory.resolve("image-" + behaviour);
            Files.write(file, made.archive());
            var clean = new ByteArrayOutputStream();
            new ImageArchive(file, made.image(), 1L << 30).writeTo(clean);
            engine.load(new ByteArrayInputStream(clean.toByteArray()));
        }
    }

    private ClassSurvey survey(String cpu) throws IOException {
        var machine = new Machine(new Hardware("linux", "amd64", cpu, 2, List.of("avx2")), 8_000_000_000L, List.of());
        return new ClassSurvey(
                engine, engine, POLICY, PROVIDER, machine, 1, ClassBook.open(directory.resolve("classes.json")));
    }

    @Test
    void shouldAskEachImageItHoldsOnceAndRememberTheAnswerOverARestart() throws IOException {
        // given
        var survey = survey("a CPU");
        var absent = ContentId.parse("sha256:" + "0".repeat(64));

        // when
        survey.look(List.of(HONEST, absent));
        var asked = survey.classes();
        var written = Files.getLastModifiedTime(directory.resolve("classes.json"));
        var restarted = survey("a CPU");
        restarted.look(List.of(HONEST));

        // then
        assertThat(asked).extracting(ImageClass::kernels).containsExactly("wide", "narrow");
        assertThat(asked).allMatch(held -> held.image().equals(HONEST));
        assertThat(restarted.classes()).isEqualTo(asked);
        assertThat(Files.getLastModifiedTime(directory.resolve("classes.json"))).isEqualTo(written);
        assertThat(engine.list(Map.of(Sandbox.PROVIDER_LABEL, PROVIDER.value())))
                .isEmpty();
    }

    @Test
    void shouldAskAgainWhenTheMachineIsAnother() throws IOException {
        // given
        survey("a CPU").look(List.of(HONEST));
        var book = ClassBook.open(directory.resolve("classes.json"));

        // when
        var moved = survey("another CPU");
        moved.look(List.of(HONEST));

        // then
        assertThat(book.knows(HONEST, "a CPU|avx2|1|[]")).isTrue();
        assertThat(ClassBook.open(directory.resolve("classes.json")).knows(HONEST, "a CPU|avx2|1|[]"))
                .isFalse();
        assertThat(moved.classes()).hasSize(2);
    }

    @Test
    void shouldLeaveOutAnImageThatDoesNotAnswer() throws IOException {
        // given
        var survey = survey("a CPU");

        // when
        survey.look(List.of(JobImage.of("crash").image(), HONEST));

        // then
        assertThat(survey.classes()).hasSize(2).allMatch(held -> held.image().equals(HONEST));
    }

    @Test
    void shouldTellTheImageHowToComputeInAClass() throws IOException {
        // given
        var survey = survey("a CPU");
        survey.look(List.of(HONEST));
        var narrow = survey.classes().getLast();
        var book = ClassBook.open(directory.resolve("classes.json"));

        // then
        assertThat(book.kernels(HONEST, narrow.numericClass())).isEqualTo("narrow");
        assertThat(book.kernels(HONEST, Digest.ZERO)).isEmpty();
        assertThat(book.kernels(JobImage.of("crash").image(), narrow.numericClass()))
                .isEmpty();
    }

    @Test
    void shouldStartAnewWhenTheBookCannotBeRead() throws IOException {
        // given
        Files.writeString(directory.resolve("classes.json"), "{\"entries\":7}");

        // when
        var survey = survey("a CPU");
        survey.look(List.of(HONEST));

        // then
        assertThat(survey.classes()).hasSize(2);
    }
}
