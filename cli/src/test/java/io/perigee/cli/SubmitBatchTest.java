package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.view.PaperTerminal;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Signatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit --batch} against something that answers as a hub does. */
class SubmitBatchTest {
    /** What is sent in one request. */
    private static final int AT_ONCE = 500;

    @TempDir
    Path home;

    @TempDir
    Path jobs;

    private StubHub hub;

    @BeforeEach
    void open() throws IOException {
        StubHub.moveIn(home);
        hub = new StubHub();
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private CliRun perigee(String... words) {
        return CliRun.of(home, hub.words(words));
    }

    private String lines(String... names) throws IOException {
        return Files.writeString(
                        jobs.resolve("jobs.jsonl"),
                        List.of(names).stream().map(StubHub::job).collect(Collectors.joining("\n")))
                .toString();
    }

    @Test
    void shouldSubmitEveryJobOfADirectoryAndSayWhatBecameOfEach() throws IOException {
        // given
        for (var name : List.of("a", "bad", "dear", "z")) {
            Files.writeString(jobs.resolve(name + ".yaml"), StubHub.job(name));
        }

        // when
        var run = perigee("submit", "--batch", jobs.toString(), "--yes");

        // then
        assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.PARTIAL);
        var batch = hub.batches.getFirst().jobs();
        assertThat(hub.batches).hasSize(1);
        assertThat(batch.stream().map(job -> job.request().spec().name())).containsExactly("a", "dear", "z");
        assertThat(batch).allSatisfy(job -> assertThat(Signatures.isBy(
                        StubHub.WALLET.address(),
                        job.request().order().digest(StubHub.DOMAIN),
                        job.request().orderSignature()))
                .isTrue());
        assertThat(run.out())
                .contains("4 jobs, 3 of them quoted")
                .containsPattern("a\\.yaml +" + batch.getFirst().key())
                .containsPattern("bad\\.yaml +refused +INVALID_SPEC")
                .containsPattern("dear\\.yaml +refused +PRICE_TOO_LOW")
                .containsPattern("z\\.yaml +" + batch.getLast().key());
    }

    @Test
    void shouldTellProgramsALineForEachJob() throws IOException {
        // when
        var run = perigee("submit", "--batch", lines("a", "b"), "--json");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        var lines = Json.read(run.out(), JsonNode.class);
        assertThat(lines.findValuesAsText("name")).containsExactly("line 1", "line 2");
        assertThat(lines.findValuesAsText("status")).containsExactly("201", "201");
    }

    @Test
    void shouldEndWithARefusalOnlyWhereNothingWasTaken() throws IOException {
        assertThat(perigee("submit", "--batch", lines("bad", "dear"), "--yes").exit())
                .isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void shouldAskOnceAndSignNothingWithoutAYes() throws IOException {
        // given
        Files.writeString(jobs.resolve("a.yaml"), StubHub.job("a"));

        // when
        var run = perigee("submit", "--batch", jobs.toString());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(hub.batches).isEmpty();
    }

    @Test
    void shouldRefuseOptionsThatNameOneJob() {
        var run = perigee("submit", "--batch", jobs.toString(), "--watch");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("--batch without JOB.yaml");
    }

    // ---- answers that are lost

    @Test
    void shouldMakeNoSecondJobOfThoseWhoseAnswerWasLost() throws IOException {
        // given: a hub that takes the first request, and from the second on takes what it does not answer
        var names = IntStream.rangeClosed(0, AT_ONCE).mapToObj(i -> "j" + i).toArray(String[]::new);
        hub.isLost = before -> before > 0;
        var broken = perigee("submit", "--batch", lines(names), "--yes");
        var told = hub.batches.getFirst().jobs();
        hub.isLost = _ -> false;

        // when
        var again = perigee("submit", "--batch", lines(names), "--yes");

        // then
        assertThat(broken.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(told).hasSize(AT_ONCE).allSatisfy(job -> assertThat(broken.out())
                .containsPattern("line \\d+ +" + job.key()));
        assertThat(broken.out())
                .containsPattern("line 501 +" + last().key() + " +no answer +UNAVAILABLE")
                .contains("the same command again sends the same orders");
        assertThat(again.exit()).as(again.err()).isZero();
        assertThat(again.out()).contains("501 jobs, 0 of them quoted", "501 were signed before");
        assertThat(hub.made).hasSize(AT_ONCE + 1);
    }

    private io.perigee.protocol.rest.KeyedSubmission last() {
        return hub.batches.getLast().jobs().getLast();
    }

    @Test
    void shouldTellProgramsWhatHasNoAnswer() throws IOException {
        // given
        hub.isLost = _ -> true;

        // when
        var run = perigee("submit", "--batch", lines("a", "b"), "--json");

        // then
        var lines = Json.read(run.out(), JsonNode.class);
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(lines.findValuesAsText("key")).containsExactlyElementsOf(hub.made.keySet());
        assertThat(lines.findValuesAsText("code")).containsExactly("UNAVAILABLE", "UNAVAILABLE");
    }

    @Test
    void shouldGoOnWithTheSameOrdersWhereTheHubHadNoTimeForOne() throws IOException {
        // given
        var broken = perigee("submit", "--batch", lines("a", "busy"), "--yes");

        // when
        var again = perigee("submit", "--batch", lines("a", "busy"), "--yes");

        // then
        assertThat(broken.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(broken.out()).containsPattern("no answer +UNAVAILABLE").contains("the same command again");
        assertThat(again.exit()).isZero();
        assertThat(hub.made).hasSize(2);
    }

    @Test
    void shouldMakeAJobForEachOfTwoThatAreTheSame() throws IOException {
        // given
        hub.isLost = _ -> true;
        perigee("submit", "--batch", lines("a", "a"), "--yes");
        hub.isLost = _ -> false;

        // when
        perigee("submit", "--batch", lines("a", "a", "a"), "--yes");

        // then
        assertThat(hub.made).hasSize(3);
    }

    @Test
    void shouldMakeNewJobsOfABatchThatWasAnswered() throws IOException {
        // given
        perigee("submit", "--batch", lines("a", "dear"), "--yes");

        // when
        perigee("submit", "--batch", lines("a", "dear"), "--yes");

        // then
        assertThat(hub.made).hasSize(2);
        assertThat(home.resolve("submissions")).isEmptyDirectory();
    }

    // ---- limits

    @Test
    void shouldWaitAsLongAsTheHubSaysAndGoOn() throws IOException {
        // given: two quotes a minute
        hub.quotesLeft = 2;
        var slept = new ArrayList<Duration>();
        var terminal = new PaperTerminal();

        // when
        int exit = PerigeeCli.run(
                terminal,
                Map.of("PERIGEE_HOME", home.toString()),
                InstantSource.system(),
                time -> {
                    slept.add(time);
                    hub.quotesLeft = 2;
                },
                hub.words("submit", "--batch", lines("a", "b", "c", "d", "e"), "--yes"));

        // then
        assertThat(exit).as(terminal.errors()).isZero();
        assertThat(slept).containsExactly(Duration.ofSeconds(37), Duration.ofSeconds(37));
        assertThat(terminal.text()).contains("so many requests a minute; waiting 37 s");
        assertThat(hub.made).hasSize(5);
    }

    @Test
    void shouldUploadAnInputOnceHoweverManyJobsNameIt() throws IOException {
        // given
        Files.writeString(Files.createDirectory(jobs.resolve("data")).resolve("train.jsonl"), "{}\n");
        for (var name : List.of("a", "b", "c")) {
            Files.writeString(jobs.resolve(name + ".yaml"), StubHub.job(name, "./data"));
        }

        // when
        var run = perigee("submit", "--batch", jobs.toString(), "--yes");

        // then: the file and its manifest
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(hub.uploads).hasSize(2);
    }
}
