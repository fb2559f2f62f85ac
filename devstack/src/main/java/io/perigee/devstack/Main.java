package io.perigee.devstack;

import io.perigee.devstack.demo.CliEnrolment;
import io.perigee.devstack.demo.Demo;
import io.perigee.devstack.engine.EngineFinder.Install;
import io.perigee.devstack.run.Keeper;
import io.perigee.devstack.run.Up;
import io.perigee.devstack.stack.StackOptions;
import io.perigee.testkit.process.Patience;
import io.perigee.testkit.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}, {@code up} and {@code down}. */
@Command(
        name = "perigee",
        description = "The whole market on this machine.",
        subcommands = {Main.DemoCommand.class, Main.UpCommand.class, Main.KeepCommand.class, Main.DownCommand.class})
public final class Main {
    private static final int API_PORT = 8080;
    private static final int CHAIN_PORT = 8545;
    /** Of a stack that is left running: an epoch is posted within one. */
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private static final int UNAVAILABLE = 69;
    private static final String PATIENCE =
            "PERIGEE_PATIENCE=MINUTES says how long each part may take to start while its"
                    + " process lives (default: 10); for slow machines.";

    private Main() {}

    public static void main(String[] arguments) {
        try {
            Patience.start();
        } catch (IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(CommandLine.ExitCode.USAGE);
        }
        System.exit(new CommandLine(new Main())
                .setExecutionExceptionHandler((fault, _, _) -> {
                    if (fault instanceof Expected expected) {
                        System.err.println("error: " + expected.getMessage());
                        System.err.println("  hint: " + expected.hint());
                        return UNAVAILABLE;
                    }
                    fault.printStackTrace();
                    return 70;
                })
                .execute(arguments));
    }

    /** Whether missing programs may be installed. */
    static final class InstallOptions {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "show this help")
        private boolean help;

        @Option(names = "--install", description = "install what is missing with the distribution's packages")
        private boolean yes;

        @Option(names = "--no-install", description = "install nothing; say what is missing")
        private boolean no;

        Install choice() {
            if (yes && no) {
                throw new Expected("Expected --install or --no-install, but got both", "Leave one out");
            }
            return yes ? Install.YES : no ? Install.NO : Install.WHEN_ROOT;
        }

        List<String> words() {
            var words = new ArrayList<String>();
            if (yes) {
                words.add("--install");
            }
            if (no) {
                words.add("--no-install");
            }
            return words;
        }
    }

    @Command(name = "demo", description = "a real fine-tune, run by strangers, verified and paid", footer = PATIENCE)
    static final class DemoCommand implements Callable<Integer> {
        @CommandLine.Mixin
        private InstallOptions install = new InstallOptions();

        @Option(
                names = "--trainer",
                paramLabel = "NAME",
                defaultValue = "strict",
                description = "strict (a small model, a minute) or lora (SmolLM2-135M with the Hugging Face stack)")
        private String trainer = "strict";

        @Option(names = "--cheater", description = "one of the providers returns forged work")
        private boolean cheater;

        @Option(names = "--direct", description = "settle the order by itself, instead of by epoch")
        private boolean direct;

        @Option(names = "--keep", description = "leave the stack running afterwards, until Ctrl-C")
        private boolean keep;

        @Option(names = "--json-report", paramLabel = "FILE", description = "write what happened as JSON, too")
        private @Nullable Path report;

        @Override
        public Integer call() {
            return new Demo(
                            Checkout.find(),
                            new Console(System.out),
                            install.choice(),
                            trainer(),
                            cheater,
                            direct,
                            keep,
                            report)
                    .run();
        }

        private Demo.Trainer trainer() {
            return switch (trainer) {
                case "strict" -> Demo.Trainer.STRICT;
                case "lora" -> Demo.Trainer.LORA;
                default ->
                    throw new Expected(
                            "Expected --trainer strict or --trainer lora, but got '%s'".formatted(trainer),
                            "Leave it out for strict");
            };
        }
    }

    @Command(name = "up", description = "start the stack and leave it running", footer = PATIENCE)
    static final class UpCommand implements Callable<Integer> {
        @CommandLine.Mixin
        private InstallOptions install = new InstallOptions();

        @Override
        public Integer call() {
            var console = new Console(System.out);
            var started = new Up(Checkout.find(), console).start(install.words());
            if (started.isEmpty()) {
                return UNAVAILABLE;
            }
            var running = started.get();
            console.line("");
            console.line("  API        " + running.apiUrl() + "   (" + running.apiUrl() + "/q/swagger-ui)");
            console.line("  chain      " + running.rpcUrl() + "   escrow " + running.escrow());
            console.line("  engine     " + running.engine());
            console.line("");
            String hub = running.apiUrl().endsWith(":" + API_PORT) ? "" : "PERIGEE_HUB=" + running.apiUrl() + " ";
            console.line("Next:");
            console.line("  " + hub + "./perigee wallet create --save-password && " + hub + "./perigee faucet");
            console.line("  " + hub + "./perigee deposit 10 --yes");
            console.line("  " + hub + "./perigee submit examples/quickstart/job.yaml --yes --watch --direct");
            console.line("");
            console.line(
                    "Without --direct an order is settled by epoch, in real time: after its deadline, and three windows of %d s."
                            .formatted(WINDOW.toSeconds()));
            console.line("");
            console.line("Stop it with ./perigee down");
            return 0;
        }
    }

    @Command(name = "keep", hidden = true, description = "what 'up' leaves running")
    static final class KeepCommand implements Callable<Integer> {
        @CommandLine.Mixin
        private InstallOptions install = new InstallOptions();

        @Override
        public Integer call() {
            var checkout = Checkout.find();
            var options = StackOptions.quick(checkout.state())
                    .withInstall(install.choice())
                    .withWindow(WINDOW)
                    .withPorts(usual(API_PORT), usual(CHAIN_PORT));
            return Keeper.keep(checkout, options, new CliEnrolment(), new Console(System.out));
        }

        /** The usual port when nobody has it, any other otherwise. */
        private static int usual(int port) {
            return Ports.open(port) ? 0 : port;
        }
    }

    @Command(name = "down", description = "stop what 'up' left running, or is just starting")
    static final class DownCommand implements Callable<Integer> {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "show this help")
        private boolean help;

        @Override
        public Integer call() {
            new Up(Checkout.find(), new Console(System.out)).stop();
            return 0;
        }
    }
}
