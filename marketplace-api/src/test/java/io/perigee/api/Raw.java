package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.Problem;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** HTTP as no client library would write it. */
final class Raw {
    private static final int PATIENCE = 20_000;

    private Raw() {}

    /**
     * What came back.
     *
     * @param sent bytes of the body that the other side took
     */
    record Answer(int status, String head, String body, long sent) {
        /** A refusal in the one shape of this API. */
        Problem isProblem(int status, ErrorCode code) {
            assertThat(this.status).as("%s\n%s", head, body).isEqualTo(status);
            assertThat(head).containsIgnoringCase("content-type: application/problem+json");
            var problem = Json.read(body, Problem.class);
            assertThat(problem.code()).isEqualTo(code.name());
            assertThat(problem.status()).isEqualTo(status);
            assertThat(problem.detail()).startsWith("Expected ").hasSizeLessThan(1_000);
            assertThat(problem.hint()).isNotBlank();
            return problem;
        }
    }

    /** Writes a body until it is whole or nobody takes more of it. */
    interface Body {
        void write(OutputStream out) throws IOException;
    }

    static Answer send(String head, byte[] body) throws IOException {
        return send(head + "Content-Length: " + body.length + "\r\n", out -> out.write(body));
    }

    static Answer send(String head) throws IOException {
        return send(head, out -> {});
    }

    /** Sends the body on a thread of its own, so that an early answer is heard. */
    static Answer send(String head, Body body) throws IOException {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(PATIENCE);
            var counted = new Counted(socket.getOutputStream());
            socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            var sending = CompletableFuture.runAsync(
                    () -> {
                        try {
                            body.write(counted);
                        } catch (IOException endedByTheOtherSide) {
                            counted.ended = true;
                        }
                    },
                    task -> Thread.ofVirtual().start(task));
            var answer = read(socket);
            try {
                sending.get(PATIENCE, TimeUnit.MILLISECONDS);
            } catch (Exception e) {
                throw new AssertionError(
                        "the connection still takes a body that was refused, %d bytes by now".formatted(counted.count),
                        e);
            }
            return new Answer(answer.status, answer.head, answer.body, counted.count);
        }
    }

    static String head(String method, String path, Door door, String... headers) {
        return "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s"
                .formatted(
                        method,
                        path,
                        door.token(),
                        String.join(
                                "", Arrays.stream(headers).map(h -> h + "\r\n").toList()));
    }

    /** Chunks of spaces, as many as are taken of so many bytes. */
    static Body chunks(long bytes) {
        return out -> {
            var chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (long left = bytes; left > 0; left -= 0x10000) {
                out.write(chunk);
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        };
    }

    /** A space now and then. */
    static Body trickle(Duration pause) {
        return out -> {
            var clock = new CompletableFuture<Void>();
            for (int i = 0; i < 1_000; i++) {
                out.write(' ');
                out.flush();
                clock.completeOnTimeout(null, pause.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
                clock = new CompletableFuture<>();
            }
        };
    }

    private static Answer read(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("the connection ended without an answer, after '" + head + "'");
            }
            head.append((char) next);
        }
        var length = header(head.toString(), "content-length");
        var body = length.isEmpty() ? new byte[0] : in.readNBytes(Integer.parseInt(length));
        var status = Integer.parseInt(head.substring(9, 12));
        return new Answer(status, head.toString(), new String(body, StandardCharsets.UTF_8), 0);
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private static final class Counted extends OutputStream {
        private final OutputStream out;
        private volatile long count;
        private volatile boolean ended;

        Counted(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (ended) {
                throw new IOException("ended");
            }
            out.write(bytes, from, length);
            count += length;
        }
    }
}
