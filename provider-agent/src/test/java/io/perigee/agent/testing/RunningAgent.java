package io.perigee.agent.testing;

import io.perigee.agent.app.Agent;
import io.perigee.agent.app.AgentSettings;
import io.perigee.agent.app.SettingsSource;
import io.perigee.agent.execution.BorderHasher;
import io.perigee.agent.execution.CheckpointHasher;
import io.perigee.agent.identity.AgentHome;
import io.perigee.agent.identity.SessionKeyFile;
import io.perigee.agent.store.DurableFiles;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A home with a key and an enrolment, and the agent in it: in this process, or in one that can be killed. */
public final class RunningAgent {
    private final Path home;

    private RunningAgent(Path home) {
        this.home = home;
    }

    /** Makes the home and gives the parties its key. */
    public static RunningAgent at(Path home) {
        return new RunningAgent(home);
    }

    public Path home() {
        return home;
    }

    public Parties keygen(Parties parties) throws IOException {
        var files = new AgentHome(home).create();
        return parties.withAgent(SessionKeyFile.create(files, files.keyPassword(), new SecureRandom()));
    }

    public RunningAgent enrol(Parties parties, String hubUrl, String... properties) throws IOException {
        var lines = new ArrayList<>(List.of(
                "perigee.agent.engine=" + PrivateEngine.get().address(),
                "perigee.agent.cpu-percent=100",
                "perigee.agent.disk=1GB",
                "perigee.agent.grace=2s",
                "perigee.agent.progress=200ms",
                "perigee.agent.input-patience=3s",
                "perigee.agent.longest-retry=1s"));
        lines.addAll(List.of(properties));
        Files.write(home.resolve("agent.properties"), lines);
        DurableFiles.write(new AgentHome(home).enrolmentFile(), Json.bytes(parties.enrolment(hubUrl)));
        return this;
    }

    public Agent start() throws IOException {
        return start(new CheckpointHasher(1L << 30));
    }

    public Agent start(BorderHasher hasher) throws IOException {
        AgentSettings settings = SettingsSource.read(Optional.of(home));
        return Agent.start(settings, hasher, Clock.systemUTC());
    }

    /** The agent as a user starts it. */
    public Process process(String... jvm) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvm));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "io.perigee.agent.app.AgentMain",
                "run",
                "--home",
                home.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
                .start();
    }
}
