package io.perigee.cli;

import io.perigee.cli.view.PaperTerminal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** One run of the program in a home of its own. */
record CliRun(int exit, String out, String err) {
    static CliRun of(Path home, String... arguments) {
        return of(home, Map.of(), arguments);
    }

    static CliRun of(Path home, Map<String, String> environment, String... arguments) {
        var terminal = new PaperTerminal();
        var all = new HashMap<String, String>(environment);
        all.put("PERIGEE_HOME", home.toString());
        int exit = PerigeeCli.run(terminal, all, InstantSource.system(), arguments);
        return new CliRun(exit, terminal.text(), terminal.errors());
    }
}
