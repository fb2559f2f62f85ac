package io.perigee.cli.answer;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.artifact.TransferLine;
import io.perigee.cli.engine.Engine;
import io.perigee.cli.job.Fetched;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.codec.PlainText;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.spec.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One prompt, two answers. */
@Command(
        name = "try",
        description = "ask a fetched result: the base's answer, and the answer of base and adapter",
        footer = {"", "Example: perigee try result \"Define the noun.\" --chat --base ./base"})
public final class TryCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final int MOST_TOKENS = 4096;

    private final Session session;

    @Parameters(index = "0", paramLabel = "DIR", description = "what 'perigee fetch' wrote")
    private Path directory = Path.of(".");

    @Parameters(index = "1", paramLabel = "PROMPT", description = "what to answer")
    private String prompt = "";

    @Option(names = "--tokens", paramLabel = "N", description = "the most an answer has (default: 64)")
    private int tokens = 64;

    @Option(names = "--chat", description = "the prompt is what a user says in a conversation")
    private boolean chat;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "the base, when you have it; else the hub's is downloaded")
    private @Nullable Path base;

    TryCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (tokens < 1 || tokens > MOST_TOKENS) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected 1 to %d tokens, but got %d".formatted(MOST_TOKENS, tokens),
                    "64 is usual");
        }
        var fetched = Fetched.open(directory);
        var outputs = fetched.provenOutputs();
        var spec = fetched.bundle().spec();
        var question = new Question(base(spec), outputs, prompt, tokens, chat);
        var answers = answerer(spec).answer(question);
        session.answer(
                Map.of("prompt", prompt, "base", answers.base(), "adapted", answers.adapted()), () -> show(answers));
        return ExitCode.DONE;
    }

    // ---- who answers

    /**
     * The trainer that made the adapter. Strict needs no engine where its class files are at hand, which is faster and
     * works everywhere; for any other the job's own image is run.
     */
    private Answerer answerer(JobSpec spec) {
        var strict = session.configuration().strictTrainer();
        if (spec.trainer().equals("strict") && strict.isPresent()) {
            return new StrictProcess(strict.get(), PATIENCE);
        }
        var engine = Engine.of(session.configuration().environment());
        return new Container(engine, spec.image(), () -> archive(spec), PATIENCE);
    }

    private Path archive(JobSpec spec) {
        var archive = spec.imageArtifact()
                .or(() -> session.hub().trainers().stream()
                        .filter(trainer -> trainer.image().equals(spec.image()))
                        .map(trainer -> trainer.archive())
                        .findFirst())
                .orElseThrow(() -> new Refusal(
                        ErrorCode.ARTIFACT_MISSING,
                        "Expected the hub to have the image '%s', but it offers another".formatted(spec.image()),
                        "Load the image into the container engine yourself"));
        var file = session.configuration().home().resolve("images").resolve(archive.hex() + ".tar");
        if (!Files.exists(file)) {
            session.builder().artifacts().downloadFile(archive, file);
        }
        return file;
    }

    // ---- of what

    private Path base(JobSpec spec) {
        var id = spec.baseId()
                .orElseThrow(() -> new Refusal(
                        ErrorCode.UNSUPPORTED,
                        "Expected a fine-tune of a base, but the job has none",
                        "Only results of trainers can be tried"));
        var given = base;
        if (given != null) {
            return matching(id, given);
        }
        var kept = session.configuration().home().resolve("bases").resolve(id.hex());
        if (!complete(id, kept)) {
            try (var line = new TransferLine(session, "base")) {
                session.builder().artifacts().downloadDirectory(id, kept, line);
                line.done();
            }
        }
        return kept;
    }

    private static boolean complete(ContentId id, Path directory) {
        try {
            return Files.isDirectory(directory)
                    && Manifest.ofDirectory(directory).digest().equals(id);
        } catch (IOException _) {
            return false;
        }
    }

    private static Path matching(ContentId id, Path directory) {
        if (!complete(id, directory)) {
            throw new Refusal(
                    ErrorCode.DIGEST_MISMATCH,
                    "Expected the base '%s' at '%s', but other files are there".formatted(id, directory),
                    "An adapter fits the base it was trained on; leave --base out to download it");
        }
        return directory;
    }

    // ---- what they say

    private void show(Answers answers) {
        session.say("");
        paragraph("base", answers.base());
        session.say("");
        paragraph("base + adapter", answers.adapted());
        session.say("");
    }

    private void paragraph(String who, String words) {
        session.say("  " + session.ink().bold(who));
        visible(words).lines().forEach(line -> session.say("    " + line));
    }

    /** A model may say anything, also what a terminal would obey. */
    private static String visible(String words) {
        return words.isBlank() ? "(nothing)" : PlainText.of(words);
    }
}
