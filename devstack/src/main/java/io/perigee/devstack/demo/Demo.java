package io.perigee.devstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import io.perigee.devstack.Expected;
import io.perigee.devstack.cheat.ForgingAgentMain;
import io.perigee.devstack.stack.Stack;
import io.perigee.devstack.stack.StackOptions;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.result.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From nothing running to a fine-tune that strangers ran, two of them agreed on, and a contract paid for. */
public final class Demo {
    private static final Duration AGENTS_READY = Duration.ofSeconds(60);

    private final Checkout checkout;
    private final StackOptions options;
    private final Wishes wishes;
    private final Console console;
    private final long from = System.nanoTime();

    /**
     * @param cheater whether the cheapest provider forges its work
     * @param keep whether the stack stays up until the terminal says stop
     * @param report where to write the figures as JSON; null for nowhere
     */
    public record Wishes(boolean cheater, boolean keep, @Nullable Path report) {}

    public Demo(Checkout checkout, StackOptions options, Wishes wishes, Console console) {
        this.checkout = checkout;
        this.options = wishes.cheater() ? options.withAgents(withForger(options.agents())) : options;
        this.wishes = wishes;
        this.console = console;
    }

    private static List<StackOptions.AgentOptions> withForger(List<StackOptions.AgentOptions> agents) {
        var all = new ArrayList<>(agents);
        var first = all.getFirst();
        // the lowest price, so that it is chosen
        all.set(0, new StackOptions.AgentOptions(first.name(), first.perMillionTokens(), ForgingAgentMain.class.getName()));
        return all;
    }

    /** Returns the exit code: 0 when the job was accepted, paid and verified, and the money adds up. */
    public int run() {
        console.line("Starting a market of strangers on this machine"
                + (wishes.cheater() ? "; one of them, provider-1, forges its work." : "."));
        console.line("");
        try (Stack stack = Stack.start(checkout, options, new Owners(), console)) {
            int status = tell(stack);
            if (wishes.keep()) {
                console.line("");
                console.line("Kept running: " + stack.apiUrl() + "  (Ctrl-C stops everything)");
                Thread.sleep(Duration.ofDays(30));
            }
            return status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        } finally {
            console.line("");
            console.line(String.format(Locale.ROOT, "Everything stopped. %.1f s in all.", seconds()));
        }
    }

    private double seconds() {
        return Duration.ofNanos(System.nanoTime() - from).toMillis() / 1000.0;
    }

    private int tell(Stack stack) {
        Path home = stack.walletDirectory("builder");
        var builder = new CommandLine(stack.apiUrl(), home);
        console.line("");
        console.line(String.format(Locale.ROOT, "The stack is up after %.1f s. Now as a builder would:", seconds()));
        builder.show(console, "wallet", "create", "--light", "--save-password");
        builder.show(console, "faucet", "--amount", "100");
        awaitAgents(builder);
        String address = builder.json("wallet", "show").path("address").asText();
        var owners = owners(stack);
        var before = Purses.read(stack, address, owners);
        builder.show(console, "deposit", "10", "--yes");
        String job = checkout.root().resolve("examples/quickstart/job.yaml").toString();
        builder.show(console, "submit", shown(job), "--yes", "--watch");
        JsonNode view = builder.json("jobs").path("items").path(0);
        String id = view.path("id").asText();
        Path result = options.state().resolve("demo").resolve(id);
        builder.show(console, "fetch", id, "--to", shown(result.toString()), "--checkpoint");
        builder.show(console, "verify", shown(result.toString()));
        var after = Purses.read(stack, address, owners);
        return new Ending(console, stack, wishes, owners)
                .tell(builder.json("job", id), bundle(result), before, after, result, seconds());
    }

    private static String shown(String path) {
        Path here = Path.of("").toAbsolutePath();
        Path whole = Path.of(path).toAbsolutePath();
        return whole.startsWith(here) ? here.relativize(whole).toString() : path;
    }

    private static Bundle bundle(Path result) {
        try {
            return Json.read(Files.readAllBytes(result.resolve("bundle.json")), Bundle.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> owners(Stack stack) {
        var owners = new LinkedHashMap<String, String>();
        for (var agent : options.agents()) {
            var commands = new CommandLine(stack.apiUrl(), stack.walletDirectory(agent.name()));
            owners.put(agent.name(), commands.json("wallet", "show").path("address").asText());
        }
        return owners;
    }

    private void awaitAgents(CommandLine builder) {
        long end = System.nanoTime() + AGENTS_READY.toNanos();
        int wanted = options.agents().size();
        int there = 0;
        while (System.nanoTime() < end) {
            JsonNode providers = builder.json("provider", "list");
            JsonNode items = providers.isArray() ? providers : providers.path("items");
            there = 0;
            for (JsonNode each : items) {
                there += each.path("online").asBoolean(true) ? 1 : 0;
            }
            if (there >= wanted) {
                return;
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new Expected(
                "Expected " + wanted + " providers to be online, but " + there + " are", "Read the agents' logs in "
                        + options.state().resolve("logs"));
    }
}
