package io.perigee.cli.job;

import io.perigee.cli.Session;
import io.perigee.cli.job.BatchJob.Quoted;
import io.perigee.cli.job.BatchJob.Refused;
import io.perigee.cli.job.BatchJob.SentBefore;
import io.perigee.cli.job.KeptFile.Kept;
import io.perigee.cli.view.Table;
import io.perigee.client.ApiException;
import io.perigee.protocol.codec.PlainText;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.SubmissionAnswer;
import io.perigee.protocol.rest.SubmitRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** From many files to running jobs: quotes each, asks once for all, submits them some at a time. */
final class BatchRun {
    /** A job is a few kilobytes, and a hub takes eight megabytes at once. */
    private static final int AT_ONCE = 500;

    private final Session session;
    private final boolean direct;
    private final Waits waits;
    private final List<BatchLine> told = new ArrayList<>();

    BatchRun(Session session, boolean direct, Waits waits) {
        this.session = session;
        this.direct = direct;
        this.waits = waits;
    }

    int submit(List<BatchFiles.NamedJob> named, boolean yes) {
        session.requireConfirmedMoney();
        try (var kept =
                Submissions.open(session.configuration().home(), session.clock().instant())) {
            var uploads = new Uploads(session);
            var jobs = named.stream().map(job -> prepared(job, uploads, kept)).toList();
            confirm(jobs, yes);
            send(jobs, kept);
        }
        next();
        return BatchLine.exit(told);
    }

    // ---- before anything is signed

    private BatchJob prepared(BatchFiles.NamedJob job, Uploads uploads, Submissions kept) {
        try {
            var spec = waits.whileLimited(() -> job.resolved().apply(uploads));
            var asked = Asked.of(session, spec, direct, null).digest();
            var before = kept.claim(asked);
            if (before.isPresent()) {
                return new SentBefore(job.name(), before.get());
            }
            var quote = waits.whileLimited(() -> session.builder().quote(spec));
            return new Quoted(job.name(), asked, direct ? quote.direct() : quote);
        } catch (ApiException refused) {
            if (refused.status() < 400 || refused.status() >= 500 || refused.is(ErrorCode.RATE_LIMITED)) {
                throw refused;
            }
            return new Refused(job.name(), refused.problem());
        }
    }

    private void confirm(List<BatchJob> jobs, boolean yes) {
        var quoted = jobs.stream().filter(Quoted.class::isInstance).toList();
        long before = jobs.stream().filter(SentBefore.class::isInstance).count();
        var most = session.money().of(most(quoted));
        session.say("  %d jobs, %d of them quoted, at most %s in all".formatted(jobs.size(), quoted.size(), most));
        if (before > 0) {
            session.say("  %d were signed before and got no answer: the same orders are sent again".formatted(before));
        }
        if (!quoted.isEmpty()) {
            session.confirm(
                    yes || session.json(), "Sign %d orders for at most %s in all?".formatted(quoted.size(), most));
        }
    }

    private static Amount most(List<BatchJob> jobs) {
        return jobs.stream().map(BatchJob::most).reduce(Amount.ZERO, Amount::plus);
    }

    // ---- signed and sent

    /** Whatever ends it, what became of those that were sent is said. */
    private void send(List<BatchJob> jobs, Submissions kept) {
        var most = most(jobs);
        try {
            for (int from = 0; from < jobs.size(); from += AT_ONCE) {
                send(jobs.subList(from, Math.min(from + AT_ONCE, jobs.size())), most, kept);
            }
            if (told.stream().allMatch(BatchLine::isAnswered)) {
                kept.answered();
            } else {
                sayHowToGoOn();
            }
        } finally {
            session.answer(told, () -> {});
        }
    }

    private void send(List<BatchJob> some, Amount most, Submissions kept) {
        var fresh = some.stream().flatMap(this::signed).toList();
        kept.keep(fresh);
        var signed = signed(some, fresh);
        try {
            tell(some, signed.isEmpty() ? List.of() : submitted(signed, most));
        } catch (ApiException fault) {
            tell(
                    some,
                    signed.stream()
                            .map(each -> SubmissionAnswer.refused(each.key(), fault.problem()))
                            .toList());
            sayHowToGoOn();
            throw fault;
        }
    }

    private Stream<Kept> signed(BatchJob job) {
        return job instanceof Quoted quoted
                ? Stream.of(new Kept(quoted.asked(), signed(quoted.quote())))
                : Stream.empty();
    }

    private KeyedSubmission signed(Quote quote) {
        return new KeyedSubmission(
                quote.order().jobId().toString(),
                new SubmitRequest(quote.spec(), quote.order(), new SignedOrders(session).sign(quote)));
    }

    private static List<KeyedSubmission> signed(List<BatchJob> some, List<Kept> fresh) {
        var next = fresh.iterator();
        var all = new ArrayList<KeyedSubmission>();
        for (var job : some) {
            switch (job) {
                case Quoted _ -> all.add(next.next().submission());
                case SentBefore before -> all.add(before.submission());
                case Refused _ -> {}
            }
        }
        return all;
    }

    /** A deposit the hub has not seen yet is worth waiting for: what was taken meanwhile is only said again. */
    private List<SubmissionAnswer> submitted(List<KeyedSubmission> signed, Amount most) {
        var last = new ArrayList<SubmissionAnswer>();
        try {
            return waits.forDeposit(() -> isAllotted(most), () -> {
                last.clear();
                last.addAll(waits.whileLimited(() -> session.builder().submit(signed)));
                for (var answer : last) {
                    var problem = answer.problem();
                    if (problem != null && problem.code().equals(ErrorCode.ALLOTMENT_TOO_SMALL.name())) {
                        throw new ApiException(problem);
                    }
                }
                return last;
            });
        } catch (ApiException refused) {
            if (!refused.is(ErrorCode.ALLOTMENT_TOO_SMALL) || last.isEmpty()) {
                throw refused;
            }
            return last;
        }
    }

    private boolean isAllotted(Amount most) {
        return session.chain().balances(session.wallet().address()).allotted().covers(most);
    }

    // ---- what became of them

    private void tell(List<BatchJob> some, List<SubmissionAnswer> answers) {
        var next = answers.iterator();
        var lines = some.stream()
                .map(job -> new BatchLine(
                        job.name(),
                        job instanceof Refused refused ? SubmissionAnswer.refused(null, refused.why()) : next.next()))
                .toList();
        told.addAll(lines);
        show(lines);
    }

    private void show(List<BatchLine> lines) {
        var table = new Table(session.ink(), "job file", "job", "");
        lines.forEach(line -> table.row(row(line)));
        table.lines("  ").forEach(session::say);
        session.say("");
    }

    private String[] row(BatchLine line) {
        var name = PlainText.line(line.name());
        var problem = line.answer().problem();
        if (problem == null) {
            return new String[] {name, Objects.toString(line.answer().id()), ""};
        }
        var why = PlainText.line(problem.code() + "  " + problem.detail());
        return line.isAnswered()
                ? new String[] {name, session.ink().bad("refused"), why}
                : new String[] {
                    name,
                    Objects.toString(line.answer().key(), ""),
                    session.ink().warn("no answer") + "  " + why
                };
    }

    private void sayHowToGoOn() {
        session.say("  the same command again sends the same orders, and makes no second job");
    }

    private void next() {
        session.say("  " + session.ink().dim("next: ") + "perigee jobs");
        session.say("");
    }
}
