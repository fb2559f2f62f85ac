package io.perigee.devstack.demo;

import io.perigee.cli.view.SystemTerminal;
import io.perigee.cli.view.Terminal;
import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import io.perigee.devstack.Expected;
import io.perigee.devstack.cheat.ForgingAgentMain;
import io.perigee.devstack.engine.EngineFinder.Install;
import io.perigee.devstack.stack.Stack;
import io.perigee.devstack.stack.StackOptions;
import io.perigee.devstack.stack.StackOptions.AgentOptions;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.JobView;
import io.perigee.testkit.process.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Walks one real job through the whole market, as a builder would, and shows what happened. */
public final class Demo {
    /** Which trainer runs which example. */
    public enum Trainer {
        STRICT("examples/quickstart"),
        LORA("examples/smollm2");

        private final String example;

        Trainer(String example) {
            this.example = example;
        }

        String job() {
            return example + "/job.yaml";
        }

        String base() {
            return example + "/base";
        }
    }

    private static final Duration OFFERS = Duration.ofMinutes(5);
    private static final String DEPOSIT = "10";
    /** Long enough to post an epoch in on a busy machine; the demo does not wait for it. */
    private static final Duration WINDOW = Duration.ofSeconds(30);

    /** How far the chain may be ahead by itself. */
    private static final Duration NOTICED = Duration.ofMinutes(1);

    private final Checkout checkout;
    private final Console console;
    private final Install install;
    private final Trainer trainer;
    private final boolean cheater;
    private final boolean direct;
    private final boolean keep;
    private final @Nullable Path report;
    private final Terminal terminal = new SystemTerminal(System.getenv());
    private final Stopwatch watch = new Stopwatch();

    public Demo(
            Checkout checkout,
            Console console,
            Install install,
            Trainer trainer,
            boolean cheater,
            boolean direct,
            boolean keep,
            @Nullable Path report) {
        this.checkout = checkout;
        this.console = console;
        this.install = install;
        this.trainer = trainer;
        this.cheater = cheater;
        this.direct = direct;
        this.keep = keep;
        this.report = report;
    }

    /** The exit code: 0 when the job was accepted, paid and proven. */
    public int run() {
        console.line("");
        console.line("Starting the market: database, broker, chain, three services, three providers' agents.");
        Outcome outcome;
        try (Stack stack = Stack.start(checkout, options(), new CliEnrolment(), console)) {
            watch.lap("start");
            outcome = story(stack);
            if (keep) {
                stayUntilInterrupted(stack);
            }
        }
        watch.lap("stop");
        outcome = outcome.timed(watch.laps(), watch.total());
        new DemoSummary(terminal).times(outcome);
        if (report != null) {
            write(report, outcome);
        }
        return outcome.asPromised() ? 0 : 1;
    }

    private StackOptions options() {
        var options = StackOptions.quick(checkout.state()).withInstall(install);
        if (!direct) {
            options = options.withWindow(WINDOW);
        }
        if (trainer == Trainer.LORA) {
            options = options.withLora();
        }
        if (!cheater) {
            return options;
        }
        var agents = new ArrayList<>(options.agents());
        // the cheapest, so that it is surely chosen
        agents.set(0, new AgentOptions(agents.getFirst().name(), "900000", ForgingAgentMain.class.getName()));
        return options.withAgents(agents);
    }

    private Outcome story(Stack stack) {
        var builder = new User(stack.walletDirectory("builder"), stack.apiUrl());
        if (trainer == Trainer.LORA) {
            SmolLm2.make(checkout, stack.engine().url(), console);
        }
        console.line("");
        show(builder, "wallet", "create", "--save-password", "--light");
        show(builder, "faucet", "--amount", "100");
        show(builder, "deposit", DEPOSIT, "--yes");
        var holders = holders(stack, builder);
        var ledger = stack.ledger();
        var before = Holdings.of(ledger.web3j(), ledger.contracts(), holders);
        var stakesBefore = stakes(stack, holders);
        watch.lap("prepare");

        if (trainer == Trainer.LORA) {
            awaitOffers(builder);
        }
        if (direct) {
            show(builder, "submit", trainer.job(), "--yes", "--watch", "--direct");
        } else {
            show(builder, "submit", trainer.job(), "--yes", "--watch");
        }
        watch.lap("job");
        var job = job(builder);
        if (!direct) {
            job = settle(stack, builder, job);
            watch.lap("settle");
        }
        var after = Holdings.of(ledger.web3j(), ledger.contracts(), holders);

        Path results = checkout.state().resolve("results").resolve(job.id().toString());
        Directories.delete(results);
        show(builder, "fetch", job.id().toString(), "--to", shown(results));
        boolean proven = attempt(builder, "verify", shown(results)) == 0;
        watch.lap("fetch and verify");
        if (trainer == Trainer.LORA) {
            tryIt(stack, results);
            watch.lap("try");
        }

        var outcome = new Outcome(
                cheater,
                job,
                Evidence.read(results),
                hub(builder),
                names(holders),
                Transactions.of(ledger.anvil(), job.transactions()),
                before,
                after,
                stakesBefore,
                stakes(stack, holders),
                results,
                proven,
                stack.highestMemory(),
                Map.of(),
                0);
        new DemoSummary(terminal).show(outcome);
        return outcome;
    }

    /** Moves the chain to when the job's money moves, and shows how it did. */
    private JobView settle(Stack stack, User builder, JobView job) {
        var settled = new Windows(stack.ledger(), builder, console::line)
                .settle(job.id().toString());
        show(builder, "job", job.id().toString());
        return settled;
    }

    /** Two questions that are in no row of the dataset, answered as before and after. */
    private void tryIt(Stack stack, Path results) {
        var builder = new User(
                stack.walletDirectory("builder"),
                stack.apiUrl(),
                Map.of("DOCKER_HOST", stack.engine().url()));
        for (String word : List.of("committee", "weekend")) {
            String question = "Define the noun \"%s\" the way a cynic would.".formatted(word);
            show(builder, "try", shown(results), question, "--chat", "--tokens", "40", "--base", Trainer.LORA.base());
        }
    }

    /** Each agent asks the image once for the numeric classes of its machine; until then it sells nothing for it. */
    private void awaitOffers(User builder) {
        long from = System.nanoTime();
        String probe = smallJob().toString();
        while (builder.ask("quote", probe).path("candidates").size() < 2) {
            if (System.nanoTime() - from > OFFERS.toNanos()) {
                throw new Expected(
                        "Expected two providers to offer trainer 'lora' within %d minutes, but they did not"
                                .formatted(OFFERS.toMinutes()),
                        "Read the agents' logs in " + shown(checkout.state().resolve("logs")));
            }
            try {
                Thread.sleep(2_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for offers", e);
            }
        }
        console.ready(
                "offers", "two owners' machines share a numeric class", Duration.ofNanos(System.nanoTime() - from));
    }

    /** The quickstart's job with this trainer: as quick to ask a price for as its base is small. */
    private Path smallJob() {
        Path quickstart = checkout.root().resolve("examples/quickstart");
        Path probe = checkout.state().resolve("probe.yaml");
        try {
            String job = Files.readString(quickstart.resolve("job.yaml"))
                    .replace("trainer: strict", "trainer: lora")
                    .replace("./base", quickstart.resolve("base").toString())
                    .replace("./dataset", quickstart.resolve("dataset").toString());
            return Files.writeString(probe, job);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command of the builder's, shown as it would be typed; the demo ends when it fails. */
    private void show(User user, String... words) {
        int code = attempt(user, words);
        if (code != 0) {
            throw new Expected(
                    "Expected 'perigee %s' to succeed, but it ended with %d".formatted(String.join(" ", words), code),
                    "Read the logs in " + shown(checkout.state().resolve("logs")));
        }
    }

    private int attempt(User user, String... words) {
        console.line("$ perigee " + typed(words));
        return user.run(terminal, words);
    }

    /** Words as a shell takes them. */
    private static String typed(String... words) {
        return Stream.of(words)
                .map(word -> word.contains(" ") ? "'" + word + "'" : word)
                .collect(Collectors.joining(" "));
    }

    private static JobView job(User builder) {
        var page = builder.ask("jobs");
        var newest = page.isArray() ? page.path(0) : page.path("items").path(0);
        return Json.read(builder.ask("job", newest.path("id").asText()), JobView.class);
    }

    private static HubInfo hub(User builder) {
        return Json.read(builder.ask("hub"), HubInfo.class);
    }

    /** Everybody who can hold tokens, by name. */
    private Map<String, Address> holders(Stack stack, User builder) {
        var contracts = stack.ledger().contracts();
        var holders = new LinkedHashMap<String, Address>();
        holders.put("builder", address(builder));
        for (var agent : stack.options().agents()) {
            holders.put(agent.name(), address(new User(stack.walletDirectory(agent.name()), stack.apiUrl())));
        }
        holders.put("escrow", Address.parse(contracts.escrow()));
        holders.put("stakes", Address.parse(contracts.registry()));
        holders.put("burned", Holdings.ASHES);
        return holders;
    }

    private static Address address(User user) {
        return Address.parse(user.ask("wallet", "show").path("address").asText());
    }

    private static Map<String, String> names(Map<String, Address> holders) {
        var names = new LinkedHashMap<String, String>();
        holders.forEach((name, address) -> names.put(address.value(), name));
        return names;
    }

    private static Map<String, Amount> stakes(Stack stack, Map<String, Address> holders) {
        return Stakes.of(
                stack.ledger(),
                stack.options().agents().stream().map(AgentOptions::name).toList(),
                holders);
    }

    private void stayUntilInterrupted(Stack stack) {
        console.line("");
        console.line("The stack stays up at " + stack.apiUrl() + " until Ctrl-C.");
        var ahead = Duration.between(
                Instant.now(), Instant.ofEpochSecond(stack.ledger().time()));
        if (ahead.compareTo(NOTICED) > 0) {
            console.line(
                    "Its chain is %d min ahead of the clock, where the demo moved it: orders that are signed now are over"
                            .formatted(ahead.toMinutes()));
            console.line(
                    "when they come there, so it funds no more jobs. For jobs of your own: ./perigee up, or demo --direct --keep.");
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    }

    private static void write(Path file, Outcome outcome) {
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            Files.write(file, Json.bytes(DemoReport.of(outcome)));
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to write " + file + ", but " + e.getMessage(), e);
        }
    }
}
