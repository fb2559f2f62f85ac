package io.perigee.agent.sandbox;

/** What an engine knows of a container. */
public sealed interface ContainerState {

    /** No such container. */
    record Missing() implements ContainerState {}

    /** Created, not started: the agent ended between the two. */
    record Created() implements ContainerState {}

    record Running() implements ContainerState {}

    /**
     * @param code the main process's exit code; 128 + signal when it was killed
     * @param outOfMemory whether the kernel killed something in it for memory; true is possible with code 0
     */
    record Exited(int code, boolean outOfMemory) implements ContainerState {}
}
