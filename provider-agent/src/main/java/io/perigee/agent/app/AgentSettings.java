package io.perigee.agent.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/**
 * The owner's settings, under {@code perigee.agent}: from system properties, the environment
 * ({@code PERIGEE_AGENT_SLOTS}), or {@code agent.properties} in the agent's home, in this order. An unknown key is an
 * error at the start.
 */
@ConfigMapping(prefix = "perigee.agent")
public interface AgentSettings {

    /** The agent's one directory: keys, enrolment, cache, attempts. */
    @WithDefault("${user.home}/.perigee/agent")
    String home();

    /** The hub's front door, where it differs from the enrolment's. */
    Optional<String> hubUrl();

    /** Socket of the container engine (Docker or Podman). */
    @WithDefault("unix:///var/run/docker.sock")
    String engine();

    /** Longest silence of the engine in one call; loading a large image is one call. */
    @WithDefault("5m")
    ShortDuration engineTimeout();

    /** Price of a million trained tokens, in the settlement token's smallest unit. */
    @WithDefault("1000000")
    String perMillionTokens();

    /** Price of an hour of work that is not counted in tokens, in the settlement token's smallest unit. */
    @WithDefault("1000000")
    String perHour();

    /** Jobs at one time. */
    @WithDefault("1")
    int slots();

    /** Share of the logical processors, for all slots together; every slot gets at least one. */
    @WithDefault("50")
    int cpuPercent();

    /** Share of the memory, for all slots together. */
    @WithDefault("50")
    int memoryPercent();

    /** Disk for each job. */
    @WithDefault("20GB")
    ByteSize disk();

    /** Disk for checkpoints and outputs that wait for their verdict; beyond it no new work is taken. */
    @WithDefault("20GB")
    ByteSize kept();

    /** After how many borders of an audited run its checkpoint is uploaded and opened, to be gone on from; at least 1. */
    @WithDefault("8")
    int checkpointEvery();

    /** Disk that jobs leave free: below it the agent takes no work, and kills what runs. */
    @WithDefault("1GB")
    ByteSize reserve();

    /** Most of the stake that one assignment may put at risk, in percent of what this agent asks for the whole job. */
    @WithDefault("2000")
    int mostBondPercent();

    /** The same in the settlement token's smallest unit, whatever the job's price is; none by default. */
    Optional<String> mostBond();

    /** Disk for the cache of artifacts. */
    @WithDefault("20GB")
    ByteSize cache();

    /** Disk of the container engine for images that jobs brought, the least recently used first out; one is always kept. */
    @WithDefault("40GB")
    ByteSize images();

    /** Largest image that is loaded: of its archive, and of what its layers unpack to. */
    @WithDefault("20GB")
    ByteSize largestImage();

    /** Free text such as "eu-west". */
    Optional<String> region();

    /** Takes no new work while true; the verbs pause and resume do the same for a running agent. */
    @WithDefault("false")
    boolean paused();

    /** "uid:gid" jobs run as; nobody when the agent is root, the agent's own user otherwise. Never root. */
    Optional<String> runAs();

    /** A stronger OCI runtime the engine knows, such as runsc (gVisor); doctor says whether there is one. */
    Optional<String> runtime();

    /** Most processes and threads of one job. */
    @WithDefault("512")
    int pids();

    /** Size of a job's /tmp, counted in its memory. */
    @WithDefault("64MB")
    ByteSize scratch();

    /** Most output of a job the engine keeps. */
    @WithDefault("1MB")
    ByteSize log();

    /** Time between SIGTERM and SIGKILL. */
    @WithDefault("10s")
    ShortDuration grace();

    /** Shortest time between two progress messages of one job. */
    @WithDefault("1s")
    ShortDuration progress();

    /** How long the hub is asked again for an input it does not give. */
    @WithDefault("2m")
    ShortDuration inputPatience();

    /** Longest wait between two tries to reach the hub. */
    @WithDefault("10s")
    ShortDuration longestRetry();

    /** File with the session key's password; by default one that keygen wrote beside the key. */
    Optional<String> keyPasswordFile();
}
