package io.perigee.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import io.perigee.devstack.demo.CliEnrolment;
import io.perigee.devstack.demo.User;
import io.perigee.devstack.stack.Stack;
import io.perigee.devstack.stack.StackOptions;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.testkit.process.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A whole market for a story: the stack from the production JARs, and a builder with money in the escrow. */
final class Town implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(150);

    final Checkout checkout = Checkout.find();
    final Stack stack;
    final User builder;

    private Town(List<StackOptions.AgentOptions> agents, String name) {
        var options = StackOptions.quick(checkout.root().resolve("scenarios/target/stack-" + name));
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

    static Town honest() {
        return new Town(List.of(), "honest");
    }

    static Town with(List<StackOptions.AgentOptions> agents, String name) {
        return new Town(agents, name);
    }

    /** Submits the quickstart's job, and returns its id. */
    String submit() {
        Path job = checkout.root().resolve("examples/quickstart/job.yaml");
        return builder.ask("submit", job.toString(), "--yes").path("id").asText();
    }

    JobView job(String id) {
        return Json.read(builder.ask("job", id), JobView.class);
    }

    /** Waits until the job is so; the message shows how it is instead. */
    JobView await(String id, Predicate<JobView> wanted) {
        JobView[] last = new JobView[1];
        Await.until(
                PATIENCE,
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
        return await(id, job -> job.state() == JobState.SETTLED);
    }

    /** Waits until some replica is in the middle of its work. */
    JobView awaitUnderWay(String id) {
        return await(id, job -> job.attempts().stream().anyMatch(run -> run.border() != null && run.border() >= 1));
    }

    JsonNode balance() {
        return builder.ask("balance");
    }

    @Override
    public void close() {
        stack.close();
    }
}
