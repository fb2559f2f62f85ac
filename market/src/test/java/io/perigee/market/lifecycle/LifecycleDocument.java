package io.perigee.market.lifecycle;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes docs/lifecycle.md from the lists of moves. */
final class LifecycleDocument {
    private LifecycleDocument() {}

    static String text() {
        return """
    # The life of a job

    This page is written from the code (`market`, package `lifecycle`) by `LifecycleDocumentTest`, which fails when it is
    stale: `./mvnw -pl market -am test -Dtest=LifecycleDocumentTest -Dperigee.docs.write=true -Dsurefire.failIfNoSpecifiedTests=false`
    writes it anew. Another test fails when a move below was never taken in a test.

    A job is the fold of its facts. At every moment one stage owns it and only the owner decides (the baton rule);
    everybody else asks with a command and gets facts or a rejection. Every state but the last has a deadline. Two
    states are shown to users as `ACTIVE`: in `AUDITING` one run is open and others run drawn segments of it again; in `CLOSING`
    the job ends early, and what was sealed in common is being opened so that it can be paid.

    ```mermaid
    stateDiagram-v2
    %s
    ```

    ## States

    | State | Owner | Deadline | When it passes |
    | --- | --- | --- | --- |
    %s

    ## Moves of a job

    | From | Fact | To | Because |
    | --- | --- | --- | --- |
    %s

    ## Moves of an attempt

    An attempt's number only grows and is its fence: whoever speaks for an attempt that ended is refused with
    `STALE_LEASE`. Its deadlines: `ASSIGNED` until the accept timeout; `RUNNING` until the accept timeout and
    `deadlines.run` after it was issued; `COMMITTED` for `deadlines.upload`.

    ```mermaid
    stateDiagram-v2
    %s
    ```

    | From | Fact | To | Because |
    | --- | --- | --- | --- |
    %s
    """.formatted(diagram(), states(), moves(), attemptDiagram(), attemptMoves());
    }

    private static String diagram() {
        return Moves.job().stream()
                .filter(move -> !move.from().equals(Optional.of(move.to())))
                .map(move -> "  %s --> %s: %s"
                        .formatted(
                                move.from().map(Enum::name).orElse("[*]"),
                                move.to().name(),
                                move.fact().getSimpleName()))
                .collect(Collectors.joining("\n"))
                .concat("\n  SETTLED --> [*]");
    }

    private static String attemptDiagram() {
        return Moves.attempt().stream()
                .filter(move -> !move.from().equals(Optional.of(move.to())))
                .map(move -> "  %s --> %s: %s"
                        .formatted(
                                move.from().map(Enum::name).orElse("[*]"),
                                move.to().name(),
                                move.fact().getSimpleName()))
                .collect(Collectors.joining("\n"));
    }

    private static String states() {
        return Arrays.stream(Phase.values())
                .map(phase -> "| `%s` | %s | %s | %s |"
                        .formatted(
                                phase.name(),
                                phase.owner().map(Stage::label).orElse("nobody"),
                                phase.deadline(),
                                phase.whenDue()))
                .collect(Collectors.joining("\n"));
    }

    private static String moves() {
        return Moves.job().stream()
                .map(move -> row(
                        move.from().map(Enum::name).orElse("(none)"),
                        move.fact().getSimpleName(),
                        move.to().name(),
                        move.why()))
                .collect(Collectors.joining("\n"));
    }

    private static String attemptMoves() {
        return Moves.attempt().stream()
                .map(move -> row(
                        move.from().map(Enum::name).orElse("(none)"),
                        move.fact().getSimpleName(),
                        move.to().name(),
                        move.why()))
                .collect(Collectors.joining("\n"));
    }

    private static String row(String from, String fact, String to, String why) {
        return "| `%s` | `%s` | `%s` | %s |".formatted(from, fact, to, why);
    }
}
