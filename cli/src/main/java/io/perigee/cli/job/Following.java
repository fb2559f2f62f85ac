package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.JobStory;
import io.perigee.cli.view.LiveView;
import io.perigee.cli.view.Words;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Watches a job to its end. */
final class Following {
    private static final Duration TICK = Duration.ofMillis(200);

    private final Session session;
    private final JobId id;
    private final Until until;

    Following(Session session, JobId id, Until until) {
        this.session = session;
        this.id = id;
        this.until = until;
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
                    return !until.reached(view.story());
                });
            } finally {
                open.set(false);
                ticker.interrupt();
            }
            view.close();
            if (until.reached(view.story())) {
                end(builder.job(id));
            }
            return exit(view.story());
        }
    }

    private boolean print(JobEvent event, JobStory story) {
        story.apply(event);
        session.terminal().out().println(Json.text(event));
        session.terminal().out().flush();
        return !until.reached(story);
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
        var outcome = job.outcome();
        if (outcome == Outcome.ACCEPTED) {
            session.say("  %s %s  %s".formatted(ink.done(), ink.bold(ink.good("accepted")), money(job)));
            session.say("");
            session.say("  %s perigee fetch %s --to ./result".formatted(ink.dim("next:"), id));
        } else {
            var word = outcome == null ? "over" : Words.lower(outcome);
            session.say("  %s %s  %s".formatted(ink.failed(), ink.bold(word), money(job)));
        }
        session.say("");
    }

    private String money(JobView job) {
        var money = session.money();
        var epoch = job.epoch();
        if (job.state() == JobState.SETTLED) {
            return "paid %s, given back %s".formatted(money.of(job.paid()), money.of(job.refunded()));
        }
        return epoch == null
                ? "to be paid by its evidence"
                : "to be paid by epoch %d, final at %s or W later"
                        .formatted(epoch.number(), Words.moment(epoch.finalAt()));
    }

    private int exit(JobStory story) {
        return until.reached(story)
                ? story.outcome().map(ExitCode::of).orElse(ExitCode.JOB_FAILED)
                : ExitCode.STILL_RUNNING;
    }
}
