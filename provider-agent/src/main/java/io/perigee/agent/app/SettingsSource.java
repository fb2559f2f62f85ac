package io.perigee.agent.app;

import io.perigee.agent.capability.Machine;
import io.perigee.agent.capability.Offers.Price;
import io.perigee.agent.capability.Share;
import io.perigee.agent.execution.MostBond;
import io.perigee.agent.identity.AgentHome;
import io.perigee.agent.sandbox.ContainerSpec.User;
import io.perigee.agent.sandbox.SandboxPolicy;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Amount;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads {@link AgentSettings} and turns them into what the rooms of the agent take. */
public final class SettingsSource {
    private static final String PREFIX = "perigee.agent";
    private static final int COMMAND_LINE = 500;
    /** Below the environment (300), above the defaults. */
    private static final int FILE = 250;

    private SettingsSource() {}

    /** @param home from the command line, which wins over every other place */
    public static AgentSettings read(Optional<Path> home) throws IOException {
        var first = builder(home).build().getConfigMapping(AgentSettings.class);
        var file = Path.of(first.home()).resolve("agent.properties");
        if (!Files.isRegularFile(file)) {
            return first;
        }
        return builder(home)
                .withSources(new PropertiesConfigSource(file.toUri().toURL(), FILE))
                .build()
                .getConfigMapping(AgentSettings.class);
    }

    private static SmallRyeConfigBuilder builder(Optional<Path> home) {
        var builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addSystemSources()
                .withMapping(AgentSettings.class);
        home.ifPresent(path -> builder.withSources(new PropertiesConfigSource(
                Map.of(PREFIX + ".home", path.toAbsolutePath().toString()), "command line", COMMAND_LINE)));
        return builder;
    }

    static Share share(AgentSettings settings) {
        return new Share(
                settings.slots(),
                settings.cpuPercent(),
                settings.memoryPercent(),
                settings.disk().bytes());
    }

    static Price price(AgentSettings settings) {
        return new Price(Amount.parse(settings.perMillionTokens()), Amount.parse(settings.perHour()));
    }

    static MostBond mostBond(AgentSettings settings) {
        return new MostBond(settings.mostBondPercent(), settings.mostBond().map(Amount::parse));
    }

    static SandboxPolicy policy(AgentSettings settings, Machine machine) throws IOException {
        var share = share(settings);
        return new SandboxPolicy(
                share.memory(machine),
                share.cpus(machine),
                share.diskBytes(),
                machine.gpus().size(),
                settings.pids(),
                settings.scratch().bytes(),
                settings.log().bytes(),
                user(settings),
                settings.runtime());
    }

    private static User user(AgentSettings settings) throws IOException {
        if (settings.runAs().isPresent()) {
            var parts = settings.runAs().get().split(":", -1);
            try {
                return new User(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw InvalidValue.reading("run-as", settings.runAs().get(), "it is not uid:gid in digits");
            }
        }
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        int gid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
        // An agent that is not root could not remove what nobody wrote.
        return uid == 0 || gid == 0 ? User.NOBODY : new User(uid, gid);
    }

    static AgentHome home(AgentSettings settings) {
        return new AgentHome(Path.of(settings.home()));
    }

    static Path keyPassword(AgentSettings settings) {
        return settings.keyPasswordFile().map(Path::of).orElseGet(() -> home(settings)
                .keyPassword());
    }
}
