package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.JobStory;
import io.perigee.cli.view.LiveView;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Watches a job to its end. */
final class Following {
    private static final Duration TICK = Duration.ofMillis(200);

    private final Session session;
    private final JobId id;

    Following(Session session, JobId id) {
        this.session = session;
        this.id = id;
    }

    int follow(Duration limit) {
        var builder = session.builder();
        if (session.json()) {
            var story = new JobStory(session.money());
            builder.events(id).follow(0, limit, event -> print(event, story));
            return exit(story);
        }
        try (var view = new LiveView(session.terminal(), session.clock(), session.money())) {
            var open = new AtomicBoolean(true);
            var ticker = Thread.ofVirtual().name("perigee-clock").start(() -> tick(view, open));
            try {
                builder.events(id).follow(0, limit, event -> {
                    view.show(event);
                    return !view.story().over();
                });
            } finally {
                open.set(false);
                ticker.interrupt();
            }
            view.close();
            if (view.story().over()) {
                end(builder.job(id));
            }
            return exit(view.story());
        }
    }

    private boolean print(JobEvent event, JobStory story) {
        story.apply(event);
        session.terminal().out().println(Json.text(event));
        session.terminal().out().flush();
        return !story.over();
    }

    private static void tick(LiveView view, AtomicBoolean open) {
        while (open.get()) {
            try {
                Thread.sleep(TICK);
            } catch (InterruptedException _) {
                return;
            }
            view.tick();
        }
    }

    private void end(JobView job) {
        var ink = session.ink();
        var money = session.money();
        var outcome = job.outcome();
        if (outcome == Outcome.ACCEPTED) {
            session.say("  %s %s  paid %s, given back %s"
                    .formatted(
                            ink.done(),
                            ink.bold(ink.good("accepted")),
                            money.of(job.paid()),
                            money.of(job.refunded())));
            session.say("");
            session.say("  %s perigee fetch %s --to ./result".formatted(ink.dim("next:"), id));
        } else {
            var word = outcome == null ? "over" : io.perigee.cli.view.Words.lower(outcome);
            session.say("  %s %s  paid %s, given back %s"
                    .formatted(ink.failed(), ink.bold(word), money.of(job.paid()), money.of(job.refunded())));
        }
        session.say("");
    }

    private static int exit(JobStory story) {
        return story.over() ? story.outcome().map(ExitCode::of).orElse(ExitCode.JOB_FAILED) : ExitCode.STILL_RUNNING;
    }
}
