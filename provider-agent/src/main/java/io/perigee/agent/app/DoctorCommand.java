package io.perigee.agent.app;

import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Looks for what would keep this machine from work. */
@Command(
        name = "doctor",
        description = "Checks everything work needs and says what to do; exit code 1 when something is missing.")
final class DoctorCommand implements Callable<Integer> {
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
        var findings = new Doctor(main.settings()).examine();
        var out = command.commandLine().getOut();
        if (json) {
            out.println(Json.text(findings));
        } else {
            for (var finding : findings) {
                out.printf("%-5s %-10s %s%n", finding.ok() ? "ok" : "FAIL", finding.name(), finding.detail());
                if (!finding.hint().isEmpty()) {
                    out.printf("%17s%s%n", "", finding.hint());
                }
            }
        }
        return findings.stream().allMatch(Doctor.Finding::ok) ? 0 : AgentMain.FAILED;
    }
}
