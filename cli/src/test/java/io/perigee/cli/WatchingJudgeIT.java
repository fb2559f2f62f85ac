package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A judge who watches among people who hand it anything. */
class WatchingJudgeIT {
    @TempDir
    Path homes;

    private CourtScene scene;
    private Path proof = Path.of("");
    private Path files = Path.of("");

    @BeforeEach
    void open() {
        scene = new CourtScene(homes);
        files = homes.resolve("case");
        var owners = scene.market.owners;
        proof = scene.proof(
                "proof",
                List.of(scene.run(owners.get(0), scene.trueLeaves()), scene.run(owners.get(1), scene.trueLeaves())),
                List.of(scene.run(owners.get(2), scene.forgedFrom(3))));
        accused(files);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void shouldVoteByTheGoodDirectoryThoughABadOneOfTheSameCaseStandsBeforeIt() throws IOException {
        // given: "a" has the same case.json, and a checkpoint that somebody changed
        assertThat(scene.draw(0).exit()).isZero();
        var judge = scene.bench(0).getFirst();
        var shelf = Files.createDirectories(homes.resolve("shelf"));
        copy(files, shelf.resolve("a"));
        Files.write(shelf.resolve("a/checkpoint/optimizer.safetensors"), new byte[] {1}, StandardOpenOption.APPEND);
        Files.move(files, shelf.resolve("b"));

        // when
        var run = scene.perigee(judge, "court", "watch", "--cases", shelf.toString(), "--process", "--once", "--yes");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("case 0  voted  the accuser's leaf");
    }

    @Test
    void shouldOpenAVoteWhileAnotherCasesSegmentDoesNotEnd() throws Exception {
        // given: a judge of two cases, who voted in one, and whose trainer hangs in the other
        var other = homes.resolve("other");
        assertThat(scene.draw(0).exit()).isZero();
        accused(other, "--accused", "0", "--against", "2");
        assertThat(scene.draw(1).exit()).isZero();
        var judge = scene.bench(0).stream()
                .filter(scene.bench(1)::contains)
                .findFirst()
                .orElseThrow();
        assertThat(scene.judge(judge, files, "--yes").exit()).isEqualTo(ExitCode.STILL_RUNNING);
        var shelf = Files.createDirectories(homes.resolve("shelf"));
        Files.move(other, shelf.resolve("other"));
        var started = homes.resolve("started");
        var hanging = hanging(started);

        // when
        var ended = new CompletableFuture<CliRun>();
        var watching = Thread.ofPlatform().start(() -> ended.complete(watch(judge, shelf, hanging)));
        try {
            until(() -> Files.exists(started));
            scene.untilVotesAreOpened();
            until(() -> opened(judge));
        } finally {
            // an interrupt that falls into a request ends that request alone
            Await.until(
                    Duration.ofSeconds(30),
                    Duration.ofMillis(200),
                    () -> {
                        watching.interrupt();
                        return !watching.isAlive();
                    },
                    () -> "the judge watches on");
        }

        // then
        assertThat(ended.get(1, TimeUnit.SECONDS).exit()).isZero();
        assertThat(opened(judge)).isTrue();
    }

    @Test
    void shouldOpenTheVoteThoughTheEndpointIsAwayAfterItWasSent() throws Exception {
        // given: three questions in a row are not answered once the vote is on its way
        assertThat(scene.draw(0).exit()).isZero();
        var judge = scene.bench(0).getFirst();
        var sent = new AtomicBoolean();
        var left = new AtomicInteger(3);
        Function<String, Optional<FlakyNode.Answer>> away = method -> {
            if (method.equals("eth_sendRawTransaction")) {
                sent.set(true);
            }
            return sent.get() && method.equals("eth_getBlockByNumber") && left.getAndDecrement() > 0
                    ? Optional.of(FlakyNode.AWAY)
                    : Optional.empty();
        };
        CliRun run;

        // when
        try (var node = new FlakyNode(scene.market.anvil.url(), away)) {
            var waiting = CompletableFuture.supplyAsync(
                    () -> run(judge, CourtScene.strict(), node.url(), "judge", "0", "--case", files.toString()));
            until(() -> left.get() <= 0);
            scene.untilVotesAreOpened();
            run = waiting.get(90, TimeUnit.SECONDS);
        }

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("opened; anybody counts from");
    }

    @Test
    void shouldNotRunASegmentWhoseVoteWouldComeTooLate() {
        // given
        assertThat(scene.draw(0).exit()).isZero();
        scene.market.advance(DevMarket.WINDOW.dividedBy(2).minusSeconds(60));

        // when
        var run = scene.judge(scene.bench(0).getFirst(), files, "--yes");

        // then
        assertThat(run.exit()).isNotZero();
        assertThat(run.err()).contains("TIMED_OUT", "Expected time to run the segment of case 0 again");
    }

    private CliRun watch(KeyPair judge, Path shelf, Path trainer) {
        return run(judge, trainer.toString(), scene.market.anvil.url(), "watch", "--cases", shelf.toString());
    }

    private CliRun run(KeyPair judge, String trainer, String rpc, String... words) {
        var all = new ArrayList<>(List.of("court"));
        all.addAll(List.of(words));
        all.addAll(List.of("--process", "--every", "1", "--yes", "--rpc", rpc));
        all.addAll(List.of("--escrow", scene.market.deployment.escrow()));
        all.addAll(List.of("--hub-address", scene.market.hub.address().value()));
        return CliRun.of(scene.home(judge), Map.of("PERIGEE_STRICT", trainer), all.toArray(String[]::new));
    }

    private boolean opened(KeyPair judge) {
        var shown = scene.perigee(scene.accuser, "court", "show", "0", "--json");
        var seats = Json.read(shown.out(), JsonNode.class).path("seats");
        return seats.path(scene.bench(0).indexOf(judge)).path("vote").isTextual();
    }

    private static void until(BooleanSupplier fact) {
        Await.until(Duration.ofSeconds(60), Duration.ofMillis(300), fact::getAsBoolean, () -> "it did not come");
    }

    private void accused(Path target, String... more) {
        var words = new ArrayList<>(List.of("--checkpoint", scene.checkpoint(2).toString(), "--unchecked"));
        words.addAll(List.of(more));
        var accused = scene.accuse(scene.accuser, proof, target, words.toArray(String[]::new));
        assertThat(accused.exit()).as(accused.err()).isZero();
    }

    /** A trainer that says when it starts, and never ends. */
    private Path hanging(Path started) throws IOException {
        var root = Files.createDirectories(homes.resolve("hanging"));
        var source = Files.writeString(root.resolve("Main.java"), """
                package io.perigee.trainers.strict;

                public class Main {
                    public static void main(String[] words) throws Exception {
                        java.nio.file.Files.createFile(java.nio.file.Path.of("%s"));
                        new java.util.concurrent.CountDownLatch(1).await();
                    }
                }
                """.formatted(started.toAbsolutePath()));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", root.toString(), source.toString()))
                .isZero();
        return root;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }
}
