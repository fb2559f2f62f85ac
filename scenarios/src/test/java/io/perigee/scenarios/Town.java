package io.perigee.scenarios;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.perigee.cli.ExitCode;
import io.perigee.client.PerigeeClient;
import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import io.perigee.devstack.demo.CliEnrolment;
import io.perigee.devstack.demo.User;
import io.perigee.devstack.demo.Windows;
import io.perigee.devstack.stack.Stack;
import io.perigee.devstack.stack.StackOptions;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.EpochView;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Quote;
import io.perigee.testkit.image.JobImage;
import io.perigee.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** A whole market for a story: the stack from the production JARs, and a builder with money in the escrow. */
final class Town implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(150);
    /** A caller may ask the hub a hundred times a minute or so. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** W that is lived through. */
    private static final Duration REAL = Duration.ofSeconds(4);
    /** W that the chain is moved over; an epoch is posted within one. */
    private static final Duration MOVED = Duration.ofSeconds(60);

    private static final Duration ROOM = Duration.ofSeconds(20);

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    final Checkout checkout = Checkout.find();
    final Stack stack;
    final User builder;

    private Town(List<StackOptions.AgentOptions> agents, String name, Duration window) {
        Path state = checkout.root().resolve("scenarios/target/stack-" + name);
        lendImages(checkout.state().resolve("images"), state.resolve("images"));
        var options = StackOptions.quick(state).withCachesOf(checkout.state()).withWindow(window);
        stack = Stack.start(
                checkout,
                agents.isEmpty() ? options : options.withAgents(agents),
                new CliEnrolment(),
                new Console(System.out));
        builder = new User(stack.walletDirectory("builder"), stack.apiUrl());
        builder.ask("wallet", "create", "--save-password", "--light");
        builder.ask("faucet", "--amount", "100");
        builder.ask("deposit", "50", "--yes");
    }

    /** What a demo made of the trainers, not to make it again; a stack does so all the same when it is of other content. */
    private static void lendImages(Path from, Path to) {
        if (!Files.isDirectory(from) || Files.exists(to)) {
            return;
        }
        try (var made = Files.list(from)) {
            Files.createDirectories(to);
            for (Path file : made.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param name of its directory, which one story at a time may have */
    static Town honest(String name) {
        return new Town(List.of(), name, REAL);
    }

    static Town with(List<StackOptions.AgentOptions> agents, String name) {
        return new Town(agents, name, REAL);
    }

    /** One in which orders are settled by epoch; each story has its own, since the chain's time never goes back. */
    static Town byEpoch(String name) {
        return byEpoch(List.of(), name);
    }

    static Town byEpoch(List<StackOptions.AgentOptions> agents, String name) {
        return new Town(agents, name, MOVED);
    }

    /** Submits the quickstart's job under an order that is settled by itself, and returns its id. */
    String submit() {
        return submit(quickstart().resolve("job.yaml"));
    }

    String submit(Path job) {
        return builder.ask("submit", job.toString(), "--yes", "--direct")
                .path("id")
                .asText();
    }

    /** The same under an order that is settled by epoch. */
    String submitByEpoch() {
        return builder.ask("submit", quickstart().resolve("job.yaml").toString(), "--yes")
                .path("id")
                .asText();
    }

    /** Waits until orders of the next seconds end in one and the same window, and so are in one epoch. */
    void awaitRoomInWindow() {
        var quote =
                Json.read(builder.ask("quote", quickstart().resolve("job.yaml").toString()), Quote.class);
        long left = MOVED.toSeconds() - quote.order().deadline() % MOVED.toSeconds();
        if (left < ROOM.toSeconds()) {
            Await.until(
                    PATIENCE,
                    LOOK,
                    () -> Instant.now().getEpochSecond() > quote.order().validAfter() + left,
                    () -> "");
        }
    }

    /** Waits until it is decided, and said how it will be paid. */
    void awaitPlanned(String id) {
        builder.askLines(ExitCode.DONE, "watch", id, "--until", "decided");
    }

    /** Moves the chain to when the job's epoch may be posted. */
    void forwardToPosting(String id) {
        var epoch = Objects.requireNonNull(job(id).epoch(), "a job that its epoch pays");
        stack.ledger().forwardTo((epoch.number() + 1L) * MOVED.toSeconds() + 1);
    }

    /** Moves the chain over all windows until the decided job is settled. */
    JobView settleByEpoch(String id) {
        return new Windows(stack.ledger(), builder, System.out::println).settle(id);
    }

    List<EpochView> epochs() {
        try (var client = PerigeeClient.of(stack.apiUrl())) {
            return client.epochs(null, 100).items();
        }
    }

    private Path quickstart() {
        return checkout.root().resolve("examples/quickstart");
    }

    /** The quickstart's job with some keys changed, written into {@code directory}; a null value takes a key out. */
    Path jobWith(Path directory, Map<String, ?> changes) throws IOException {
        Files.createDirectories(directory);
        var job = (ObjectNode) YAML.readTree(quickstart().resolve("job.yaml").toFile());
        for (String input : List.of("base", "dataset")) {
            job.put(input, quickstart().resolve(input).toString());
        }
        changes.forEach((key, value) -> job.set(key, YAML.valueToTree(value)));
        job.properties().removeIf(field -> field.getValue().isNull());
        Path file = directory.resolve("job.yaml");
        YAML.writeValue(file.toFile(), job);
        return file;
    }

    /** A job of an image whose container behaves so; see {@link JobImage}. */
    Path jobOfImage(Path directory, String behaviour) throws IOException {
        Files.createDirectories(directory);
        Files.write(directory.resolve("image.tar"), JobImage.of(behaviour).archive());
        var changes = new HashMap<String, Object>();
        changes.put("image", "./image.tar");
        changes.put("trainer", null);
        changes.put("resources", Map.of("cpu", 1, "memory", "64MB", "disk", "1GB"));
        return jobWith(directory, changes);
    }

    Books books() {
        return Books.of(stack, builder);
    }

    JobView job(String id) {
        return Json.read(builder.ask("job", id), JobView.class);
    }

    /** Waits until the job is so; the message shows how it is instead. */
    JobView await(String id, Predicate<JobView> wanted) {
        return await(id, PATIENCE, wanted);
    }

    private JobView await(String id, Duration patience, Predicate<JobView> wanted) {
        JobView[] last = new JobView[1];
        Await.until(
                patience,
                LOOK,
                () -> {
                    try {
                        last[0] = job(id);
                    } catch (RuntimeException e) {
                        // the front door may be the one that was killed
                        return false;
                    }
                    return wanted.test(last[0]);
                },
                () -> "The job is not as it was expected to be; it is "
                        + (last[0] == null ? "unknown" : Json.text(last[0])));
        return last[0];
    }

    JobView awaitSettled(String id) {
        return awaitSettled(id, PATIENCE);
    }

    /** The same with more patience, for jobs that do several things one after the other. */
    JobView awaitSettled(String id, Duration patience) {
        return await(id, patience, job -> job.state() == JobState.SETTLED);
    }

    /** Waits until some replica is in the middle of its work, and says whose. */
    String awaitUnderWay(String id) {
        return awaitRun(id, Town::underWay);
    }

    /** Waits until some run is so, and says whose. */
    String awaitRun(String id, Predicate<AttemptView> wanted) {
        var job = await(id, seen -> seen.attempts().stream().anyMatch(wanted));
        var owner =
                job.attempts().stream().filter(wanted).findFirst().orElseThrow().owner();
        return books().holders().entrySet().stream()
                .filter(holder -> holder.getValue().equals(owner))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    static boolean underWay(AttemptView run) {
        return run.state() == AttemptState.RUNNING && run.border() != null && run.border() >= 1;
    }

    @Override
    public void close() {
        stack.close();
    }
}
