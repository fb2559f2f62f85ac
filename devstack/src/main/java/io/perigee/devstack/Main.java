package io.perigee.devstack;

import io.perigee.devstack.demo.Demo;
import io.perigee.devstack.demo.Owners;
import io.perigee.devstack.engine.EngineFinder.Install;
import io.perigee.devstack.run.Keeper;
import io.perigee.devstack.run.RunningStack;
import io.perigee.devstack.run.Up;
import io.perigee.devstack.stack.StackOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code demo}, {@code up} and {@code down}; {@code keep} is the process behind {@code up}. */
public final class Main {
    private static final int API_PORT = 8080;
    private static final int CHAIN_PORT = 8545;
    private static final int USAGE = 64;

    private final Checkout checkout = Checkout.find();
    private final Console console =
            new Console(new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8));
    private boolean cheater;
    private boolean keep;
    private @Nullable Path report;
    private Install install = Install.WHEN_ROOT;

    private Main() {}

    public static void main(String[] arguments) {
        int status;
        try {
            status = new Main().run(new ArrayDeque<>(Arrays.asList(arguments)));
        } catch (Expected e) {
            System.err.println("error: " + e.getMessage());
            System.err.println("  hint: " + e.hint());
            status = 1;
        }
        System.exit(status);
    }

    private int run(Deque<String> words) {
        String verb = words.isEmpty() ? "" : words.removeFirst();
        List<String> rest = List.copyOf(words);
        while (!words.isEmpty()) {
            String word = words.removeFirst();
            switch (word) {
                case "--install" -> install = Install.YES;
                case "--no-install" -> install = Install.NO;
                case "--cheater" -> cheater = true;
                case "--keep" -> keep = true;
                case "--json-report" -> report = Path.of(words.isEmpty() ? "demo.json" : words.removeFirst());
                default -> throw new Expected("Expected an option of '" + verb + "', but got '" + word + "'", "See ./perigee --help");
            }
        }
        StackOptions options = StackOptions.quick(checkout.state()).withInstall(install);
        return switch (verb) {
            case "demo" -> new Demo(checkout, options, new Demo.Wishes(cheater, keep, report), console).run();
            case "up" -> up(rest);
            case "keep" -> Keeper.keep(checkout, options.withPorts(API_PORT, CHAIN_PORT), new Owners(), console);
            case "down" -> {
                new Up(checkout, console).stop();
                yield 0;
            }
            default -> {
                console.line("Expected demo, up or down, but got '" + verb + "'");
                yield USAGE;
            }
        };
    }

    private int up(List<String> options) {
        RunningStack running = new Up(checkout, console).start(options);
        console.line("");
        console.line("  API        " + running.apiUrl() + "   (/q/swagger-ui, /q/openapi, /q/health)");
        console.line("  chain      " + running.rpcUrl());
        console.line("  escrow     " + running.escrow());
        console.line("  hub        " + running.hub());
        console.line("");
        console.line("Next:");
        console.line("  ./perigee wallet create && ./perigee faucet && ./perigee deposit 10");
        console.line("  ./perigee submit examples/quickstart/job.yaml --watch");
        console.line("  ./perigee down");
        return 0;
    }
}
