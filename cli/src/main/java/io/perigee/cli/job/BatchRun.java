package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.client.ApiException;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.SubmissionAnswer;
import io.perigee.protocol.rest.SubmitRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** From many files to running jobs: quotes each, asks once for all, submits them some at a time. */
final class BatchRun {
    /** A job is a few kilobytes, and a hub takes eight megabytes at once. */
    private static final int AT_ONCE = 500;

    /** A second apart. */
    private static final int ALLOTMENT_TRIES = 30;

    /** A job on its way: quoted, or refused. */
    private record Quoted(
            String name, @Nullable Quote quote, @Nullable Problem refused) {}

    /** What became of a job, as programs read it. */
    record Line(String name, SubmissionAnswer answer) {}

    private final Session session;
    private final boolean direct;
    private final IntConsumer rest;

    BatchRun(Session session, boolean direct, IntConsumer rest) {
        this.session = session;
        this.direct = direct;
        this.rest = rest;
    }

    int submit(List<BatchFiles.NamedJob> jobs, boolean yes) {
        session.requireConfirmedMoney();
        var quoted = jobs.stream().map(this::quoted).toList();
        var quotes = quotes(quoted);
        var most = quotes.stream().map(quote -> quote.order().maxPayment()).reduce(Amount.ZERO, Amount::plus);
        session.say("  %d jobs, %d of them quoted, at most %s in all"
                .formatted(jobs.size(), quotes.size(), session.money().of(most)));
        if (!quotes.isEmpty()) {
            session.confirm(
                    yes || session.json(),
                    "Sign %d orders for at most %s in all?"
                            .formatted(quotes.size(), session.money().of(most)));
        }
        var answers = new ArrayList<Line>();
        for (int from = 0; from < quoted.size(); from += AT_ONCE) {
            answers.addAll(send(quoted.subList(from, Math.min(from + AT_ONCE, quoted.size())), most));
        }
        session.answer(answers, () -> show(answers));
        return answers.stream().anyMatch(line -> line.answer().problem() != null) ? ExitCode.REFUSED : ExitCode.DONE;
    }

    private static List<Quote> quotes(List<Quoted> some) {
        var quotes = new ArrayList<Quote>();
        for (var each : some) {
            var quote = each.quote();
            if (quote != null) {
                quotes.add(quote);
            }
        }
        return quotes;
    }

    private Quoted quoted(BatchFiles.NamedJob job) {
        try {
            var quote = session.builder().quote(job.resolved().apply(session));
            return new Quoted(job.name(), direct ? quote.direct() : quote, null);
        } catch (ApiException refused) {
            if (refused.status() < 400 || refused.status() >= 500 || refused.is(ErrorCode.RATE_LIMITED)) {
                throw refused;
            }
            return new Quoted(job.name(), null, refused.problem());
        }
    }

    private List<Line> send(List<Quoted> some, Amount most) {
        var signed = quotes(some).stream().map(this::signed).toList();
        var answers = signed.isEmpty() ? List.<SubmissionAnswer>of() : submitted(signed, most);
        var next = answers.iterator();
        return some.stream()
                .map(each -> {
                    var refused = each.refused();
                    return new Line(
                            each.name(), refused == null ? next.next() : SubmissionAnswer.refused(null, refused));
                })
                .toList();
    }

    private KeyedSubmission signed(Quote quote) {
        return new KeyedSubmission(
                quote.order().jobId().toString(),
                new SubmitRequest(quote.spec(), quote.order(), new SignedOrders(session).sign(quote)));
    }

    /** A deposit the hub has not seen yet is worth waiting for: what was taken meanwhile is only said again. */
    private List<SubmissionAnswer> submitted(List<KeyedSubmission> signed, Amount most) {
        var last = new ArrayList<SubmissionAnswer>();
        try {
            return new DepositWait(ALLOTMENT_TRIES, () -> isAllotted(most), rest).until(() -> {
                last.clear();
                last.addAll(session.builder().submit(signed));
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

    private void show(List<Line> lines) {
        var ink = session.ink();
        var table = new Table(ink, "job file", "job", "");
        for (var line : lines) {
            var id = line.answer().id();
            var problem = line.answer().problem();
            table.row(
                    line.name(),
                    id == null ? ink.bad("refused") : id.toString(),
                    problem == null ? "" : problem.code() + "  " + problem.detail());
        }
        table.lines("  ").forEach(session::say);
        session.say("");
        session.say("  " + ink.dim("next: ") + "perigee jobs");
        session.say("");
    }
}
