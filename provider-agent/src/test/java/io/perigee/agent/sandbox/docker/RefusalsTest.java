package io.perigee.agent.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import io.perigee.agent.sandbox.ContainerSpec;
import io.perigee.agent.sandbox.UnusableImage;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.ContentId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In the words of Docker 20 to 28 and Podman 4. */
final class RefusalsTest {
    private static final ContentId IMAGE = ContentId.parse("sha256:" + "1".repeat(64));

    private static ContainerSpec spec() {
        return new ContainerSpec(
                "perigee-1",
                IMAGE,
                List.of(),
                Map.of(),
                Map.of(),
                ContainerSpec.User.NOBODY,
                64_000_000,
                1_000_000_000,
                64,
                new ContainerSpec.Scratch("/tmp", 1_000_000, ContainerSpec.User.NOBODY),
                List.of(),
                List.of(),
                100_000,
                Optional.empty());
    }

    /** As the client hands it on. */
    private static String answer(String words) {
        return "Status 400: " + Json.text(Map.of("message", words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no command specified",
                "No command specified",
                "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"/nope\": stat /nope: no such file or directory: unknown",
                "OCI runtime create failed: container_linux.go:380: starting container process caused: exec: \"/nope\": permission denied: unknown",
                "error mounting \"/job\" to rootfs at \"/perigee/job.json\": not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)?",
                "the working directory 'here' is invalid, it needs to be an absolute path",
                "invalid signal: 99"
            })
    void shouldBlameTheImageForAProgramThatCannotBeStarted(String words) {
        // when
        var refusal = Refusals.ofStart(spec(), new BadRequestException(answer(words)));

        // then
        assertThat(refusal)
                .isInstanceOf(UnusableImage.class)
                .hasMessageContaining(IMAGE.value())
                .hasMessageContaining(answer(words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "container create: no command or entrypoint provided, and no CMD or ENTRYPOINT from image",
                "crun: executable file `/nope` not found: No such file or directory: OCI runtime attempted to invoke a command that was not found",
                "runc: runc create failed: unable to start container process: exec: \"/nope\": stat /nope: no such file or directory: OCI runtime attempted to invoke a command that was not found"
            })
    void shouldBlameTheImageAlsoWhereTheStatusSaysNothing(String words) {
        assertThat(Refusals.ofStart(spec(), new InternalServerErrorException(answer(words))))
                .isInstanceOf(UnusableImage.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "failed to start shim: exec: \"containerd-shim-runsc-v1\": executable file not found in $PATH: not found",
                "OCI runtime create failed: unable to start container process: error during container init: error running prestart hook #0: exit status 1, stderr: nvidia-container-cli: initialization error",
                "mkdir /var/lib/docker/overlay2/1: no space left on device"
            })
    void shouldNotBlameTheImageForWhatTheMachineLacks(String words) {
        // given
        var said = new InternalServerErrorException(answer(words));

        // when
        var refusal = Refusals.ofStart(spec(), said);

        // then
        assertThat(refusal).isSameAs(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown or invalid runtime name: runsc",
                "client version 1.41 is too old. Minimum supported API version is 1.44"
            })
    void shouldNotBlameTheImageForWhatTheAgentAskedFor(String words) {
        // given
        var said = new BadRequestException(answer(words));

        // when
        var refusal = Refusals.ofStart(spec(), said);

        // then
        assertThat(refusal).isSameAs(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Error unpacking: gzip: invalid header",
                "archive/tar: invalid tar header",
                "layers from manifest don't match image configuration: invalid DiffID"
            })
    void shouldBlameTheImageForALayerThatCannotBeUnpacked(String words) {
        assertThat(Refusals.ofLoad(words)).isInstanceOf(UnusableImage.class);
    }

    /** Two machines in trouble must not end a job as its builder's fault, or an honest run that they were to audit. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "write /var/lib/docker/tmp/1: no space left on device",
                "mknod /dev/null: Operation not permitted",
                "Error processing tar file(signal: killed): gzip: invalid header, input/output error",
                "Error processing tar file(signal: killed)",
                "rpc error: code = Unavailable desc = connection error: connection refused",
                "Status 503: {\"message\":\"the proxy is busy\"}",
                "database is locked",
                "failed to mount overlay: invalid argument",
                "potentially insufficient UIDs or GIDs available in user namespace: lchown /etc/gshadow: invalid argument"
            })
    void shouldNotBlameTheImageForAMachineThatCannotLoadIt(String words) {
        assertThat(Refusals.ofLoad(words)).isNotInstanceOf(UnusableImage.class).hasMessageContaining(words);
    }
}
