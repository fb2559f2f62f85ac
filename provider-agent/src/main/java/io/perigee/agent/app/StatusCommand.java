package io.perigee.agent.app;

import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what the running agent last said of itself. */
@Command(name = "status", description = "Shows what the agent is doing; exit code 1 when none runs in this home.")
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private AgentMain main;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var home = SettingsSource.home(main.settings());
        var out = command.commandLine().getOut();
        var status = StatusFile.read(home.status());
        if (!HomeLock.isHeld(home.lock()) || status.isEmpty()) {
            command.commandLine()
                    .getErr()
                    .printf(
                            "Expected an agent to run in '%s', but none does; start it with the verb run%n",
                            home.root());
            return AgentMain.FAILED;
        }
        if (json) {
            out.println(Json.text(status.get()));
        } else {
            print(status.get(), out);
        }
        return 0;
    }

    private static void print(Status status, PrintWriter out) {
        out.printf(
                "agent     %s, process %d, %s%n",
                status.version(), status.pid(), status.paused() ? "paused" : "open for work");
        if (!status.enrolled()) {
            out.println("enrolled  no; the owner enrols it with 'perigee provider enroll'");
            return;
        }
        out.printf("provider  %s of owner %s%n", status.provider(), status.owner());
        out.printf("hub       %s, %s%n", status.hubUrl(), status.connected() ? "connected" : status.connectionDetail());
        out.printf("engine    %s%s%n", status.engine() ? "" : "not usable: ", status.engineDetail());
        out.printf("slots     %d free%n", status.freeSlots());
        for (var work : status.attempts()) {
            out.printf(
                    "job       %s  %s  border %d of %d, step %d%n",
                    work.jobId(), work.phase(), work.border(), work.borders(), work.step());
        }
    }
}
