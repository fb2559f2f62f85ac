package io.perigee.devstack.run;

import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import io.perigee.devstack.stack.AgentEnrolment;
import io.perigee.devstack.stack.Stack;
import io.perigee.devstack.stack.StackOptions;
import java.util.concurrent.CountDownLatch;

/** The process behind {@code up}: starts the stack, and keeps it until it is told to stop. */
public final class Keeper {
    private Keeper() {}

    /** Ends with the process only: a signal runs the stack's shutdown hook, which stops everything. */
    public static int keep(Checkout checkout, StackOptions options, AgentEnrolment enrolment, Console console) {
        Runnable note = () -> KeeperNote.of(ProcessHandle.current()).write(options.state());
        try (Stack stack = Stack.start(checkout, options, enrolment, console, note)) {
            var contracts = stack.ledger().contracts();
            new RunningStack(
                            ProcessHandle.current().pid(),
                            stack.apiUrl().toString(),
                            stack.ledger().anvil().url(),
                            stack.hub().value(),
                            contracts.escrow(),
                            contracts.registry(),
                            contracts.token(),
                            stack.engine().url())
                    .write(options.state());
            new CountDownLatch(1).await();
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
