package io.perigee.scheduler.app;

import io.perigee.eventlog.TryLater;
import io.smallrye.config.ConfigValidationException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: serves until it is told to stop. */
public final class SchedulerMain {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerMain.class);
    /** EX_CONFIG of sysexits.h. */
    private static final int BAD_SETTINGS = 78;

    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration START_PAUSE = Duration.ofSeconds(1);

    private SchedulerMain() {}

    /** Serves; with {@code verify-selection JOB} it only recomputes who was chosen for a job, and ends with 1 when it differs. */
    public static void main(String[] arguments) throws InterruptedException {
        var settings = settings();
        if (arguments.length > 0) {
            System.exit(SelectionVerb.run(arguments, settings, System.out));
        }
        var scheduler = start(settings);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            scheduler.close();
                            stopped.countDown();
                        },
                        "shutdown"));
        LOG.atInfo().addKeyValue("opsPort", scheduler.opsPort()).log("scheduler runs");
        stopped.await();
    }

    private static Settings settings() {
        try {
            return Settings.load();
        } catch (ConfigValidationException e) {
            for (int i = 0; i < e.getProblemCount(); i++) {
                System.err.println(e.getProblem(i).getMessage());
            }
            System.exit(BAD_SETTINGS);
            throw e;
        }
    }

    /** The database may be started beside us: waits for it, but not for ever. */
    private static Scheduler start(Settings settings) throws InterruptedException {
        long end = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            try {
                return Scheduler.start(settings, Clock.systemUTC());
            } catch (TryLater e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                LOG.atWarn().addKeyValue("cause", e.getMessage()).log("start waits for infrastructure");
                Thread.sleep(START_PAUSE);
            } catch (IllegalArgumentException e) {
                System.err.println(e.getMessage());
                System.exit(BAD_SETTINGS);
            }
        }
    }
}
