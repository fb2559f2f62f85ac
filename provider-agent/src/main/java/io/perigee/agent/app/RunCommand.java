package io.perigee.agent.app;

import io.perigee.agent.execution.CheckpointHasher;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Runs until SIGTERM or SIGINT, whose hook closes the agent, or until it cannot go on. */
@Command(name = "run", description = "Runs the agent: waits for its enrolment, then takes work until it is stopped.")
final class RunCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private AgentMain main;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var settings = main.settings();
        var hasher = main.hashing.apply(new CheckpointHasher(settings.disk().bytes()));
        var agent = Agent.start(settings, hasher, Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "close"));
        agent.awaitEnd();
        return 0;
    }
}
