package io.perigee.settlement.app;

import io.perigee.eventlog.TryLater;
import io.perigee.settlement.chain.ChainUnavailable;
import io.smallrye.config.ConfigValidationException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process. Without arguments it serves until it is told to stop; with {@code status}, {@code retry <purpose>} or
 * {@code abandon <purpose> <why>} it shows or ends what is parked, on the database alone.
 */
public final class SettlementMain {
    private static final Logger LOG = LoggerFactory.getLogger(SettlementMain.class);
    /** EX_CONFIG of sysexits.h. */
    private static final int BAD_SETTINGS = 78;

    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration START_PAUSE = Duration.ofSeconds(1);

    private SettlementMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        var settings = settings();
        if (arguments.length > 0) {
            System.exit(OperatorCommand.run(settings, Clock.systemUTC(), arguments, System.out, System.err));
        }
        try {
            serve(settings);
        } catch (RuntimeException | Error e) {
            // classes that are loaded while the JVM ends may fail, and then nobody asks any more
            if (!ending()) {
                throw e;
            }
            LOG.info("told to stop while starting");
        }
    }

    private static boolean ending() {
        var probe = new Thread(() -> {}, "probe");
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException _) {
            return true;
        }
    }

    private static void serve(Settings settings) throws InterruptedException {
        var settlement = start(settings);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            settlement.close();
                            stopped.countDown();
                        },
                        "shutdown"));
        LOG.atInfo().addKeyValue("opsPort", settlement.opsPort()).log("settlement runs");
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

    /** The database and the chain may be started beside us: waits for them, but not for ever. */
    private static Settlement start(Settings settings) throws InterruptedException {
        long end = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            try {
                return Settlement.start(settings, Clock.systemUTC());
            } catch (ChainUnavailable | TryLater e) {
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
