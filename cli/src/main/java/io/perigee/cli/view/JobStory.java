package io.perigee.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CancelNoted;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultDisputed;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.fact.VerdictRefused;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.fact.VerdictSigned;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.rest.ProgressView;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A job's life, folded from its events: what the live view draws, and the lines a plain log prints. */
public final class JobStory {
    private final StoryBoard board;
    private final PaymentStory payment;
    private final TreeMap<Integer, Replica> replicas = new TreeMap<>();
    private String name = "";
    private int wanted = 1;
    private boolean audited;
    private int steps;
    private @Nullable Instant began;
    private @Nullable Instant latest;
    private @Nullable Outcome outcome;

    /** How amounts are written. */
    public record Money(int decimals, String symbol) {
        public String of(Amount amount) {
            return Words.money(amount, decimals, symbol);
        }
    }

    /** One line for a log. */
    public record Line(Instant at, String label, String text) {}

    public JobStory(Money money) {
        board = new StoryBoard(money);
        payment = new PaymentStory(board);
    }

    /** Takes in one event and says what is worth a line. Events of kinds it does not know change nothing. */
    public List<Line> apply(JobEvent said) {
        var event = SaidFacts.plain(said);
        began = began == null ? event.at() : began;
        latest = event.at();
        if (event.kind().equals("progress")) {
            return progress(event);
        }
        if (event.kind().equals("ResultRevealed")) {
            return revealed(event.data(), event.at());
        }
        return SaidFacts.of(event).map(fact -> one(event.at(), fact)).orElse(List.of());
    }

    private List<Line> one(Instant at, JobFact fact) {
        return switch (fact) {
            case JobSubmitted f -> submitted(at, f);
            case JobFunded f ->
                board.done(
                        at,
                        Stage.FUNDED,
                        "%s reserved for it at block %d".formatted(board.money().of(f.reserved()), f.block()),
                        Stage.MATCHED);
            case FundingRefused f -> board.failed(at, Stage.FUNDED, f.detail());
            case JobQueued f -> queued(at, f);
            case JobAssigned f -> assigned(at, f);
            case AttemptStarted f -> state(at, f.attempt(), AttemptState.RUNNING, "");
            case ResultCommitted f -> committed(at, f);
            case RevealRequested _ -> requested(at);
            case ResultRevealed _ -> List.of();
            case AttemptEnded f -> ended(at, f);
            case ResultDisputed f -> disputed(at, f);
            case JobReopened f -> board.note(at, f.reason());
            case ResultAccepted f -> accepted(at, f);
            case JobFailed f ->
                decided(at, Outcome.FAILED, "failed (%s): %s".formatted(Words.lower(f.cause()), f.detail()));
            case JobCancelled f -> decided(at, Outcome.CANCELLED, AuditWords.cancelled(f));
            case JobExpired f -> decided(at, Outcome.EXPIRED, "a deadline passed while " + f.state());
            case SegmentsDrawn _,
                    CheckpointRequested _,
                    CheckpointServed _,
                    VerdictRequested _,
                    VerdictSigned _,
                    VerdictRefused _,
                    RunGivenUp _,
                    CancelNoted _,
                    PartAccepted _ -> audit(at, fact);
            case CommandRejected f -> board.note(at, f.detail());
            case SettlementSent f -> payment.sent(at, f);
            case CreditsReserved f -> payment.reserved(at, f);
            case EpochJoined f -> payment.joined(at, f);
            case EpochPosted f -> payment.posted(at, f);
            case EpochLeft f -> payment.left(at, f);
            case JobSettled f -> payment.settled(at, f);
        };
    }

    private List<Line> submitted(Instant at, JobSubmitted fact) {
        JobSpec spec = fact.spec();
        name = spec.name();
        audited = spec.verification().policy() != VerificationPolicy.REPLICATE;
        wanted = audited ? 1 : spec.verification().replicas();
        steps = spec.train() == null ? 0 : spec.train().steps();
        return board.done(
                at,
                Stage.SUBMITTED,
                "at most %s, %s, quorum %d, spec %s"
                        .formatted(
                                board.money().of(fact.order().maxPayment()),
                                audited ? "one run, audited" : wanted + " replicas",
                                fact.order().quorum(),
                                Words.brief(fact.specHash().value())),
                Stage.FUNDED);
    }

    private List<Line> queued(Instant at, JobQueued fact) {
        var text = fact.reasons().isEmpty()
                ? "waiting for an offer that fits"
                : "no offer fits: " + fact.reasons().getFirst().constraint() + ", "
                        + fact.reasons().getFirst().detail();
        board.line(Stage.MATCHED).begin(at);
        board.line(Stage.MATCHED).say(text);
        return List.of(new Line(at, "queued", text));
    }

    private List<Line> assigned(Instant at, JobAssigned fact) {
        var assignment = fact.assignment();
        if (assignment.role() == Role.AUDITOR) {
            return List.of(new Line(at, Stage.VERDICT.label(), AuditWords.assigned(fact, board.money())));
        }
        replicas.put(fact.attempt(), new Replica(assignment, steps));
        long live = replicas.values().stream().filter(Replica::live).count();
        if (live >= Math.min(wanted, 2) || fact.attempt() >= wanted) {
            board.line(Stage.MATCHED)
                    .finish(at, audited ? "one provider" : "%d providers of distinct owners".formatted(live));
            board.line(Stage.TRAINED).begin(at);
        }
        return List.of(new Line(
                at,
                Stage.MATCHED.label(),
                "replica %d to owner %s for %s"
                        .formatted(
                                fact.attempt(),
                                Words.brief(assignment.owner().value()),
                                board.money().of(assignment.price()))));
    }

    private List<Line> progress(JobEvent event) {
        ProgressView view;
        try {
            view = Json.read(event.data(), ProgressView.class);
        } catch (InvalidValue _) {
            return List.of();
        }
        var replica = replicas.get(view.attempt());
        if (replica == null || replica.committed()) {
            return List.of();
        }
        int before = replica.step();
        if (replica.state() == AttemptState.ASSIGNED) {
            replica.become(AttemptState.RUNNING);
        }
        replica.progress(view);
        boolean quarter = view.steps() > 0 && before * 4L / view.steps() != view.step() * 4L / view.steps();
        return quarter
                ? List.of(new Line(
                        event.at(),
                        "training",
                        "replica %d step %d/%d%s"
                                .formatted(
                                        view.attempt(),
                                        view.step(),
                                        view.steps(),
                                        view.loss() == null ? "" : ", loss " + Words.loss(view.loss()))))
                : List.of();
    }

    private List<Line> committed(Instant at, ResultCommitted fact) {
        var replica = replicas.get(fact.attempt());
        int border = fact.commitment().toBorder();
        if (replica == null) {
            return List.of();
        }
        replica.sealed(border);
        board.line(Stage.COMMITTED).begin(at);
        long sealed = replicas.values().stream().mapToLong(Replica::sealed).sum();
        if (allLive(Replica::committed)) {
            board.line(Stage.TRAINED).finish(at, steps == 0 ? "" : "%d steps each".formatted(steps));
            board.line(Stage.COMMITTED)
                    .finish(at, "%d borders sealed and receipted before any was opened".formatted(sealed));
            board.line(Stage.REVEALED).begin(at);
        } else {
            board.line(Stage.COMMITTED).say("%d borders sealed".formatted(sealed));
        }
        return replica.committed()
                ? List.of(new Line(
                        at,
                        Stage.COMMITTED.label(),
                        "replica %d sealed its last border, %d: %s"
                                .formatted(
                                        fact.attempt(),
                                        border,
                                        Words.brief(fact.commitment().seal().value()))))
                : List.of();
    }

    private List<Line> requested(Instant at) {
        board.line(Stage.REVEALED).begin(at);
        return List.of();
    }

    private List<Line> revealed(JsonNode data, Instant at) {
        int attempt = data.path("attempt").asInt(-1);
        become(attempt, AttemptState.REVEALED);
        board.line(Stage.REVEALED).begin(at);
        if (allLive(Replica::revealed)) {
            board.line(Stage.REVEALED).finish(at, "%d openings match their seals".formatted(count(Replica::revealed)));
            board.line(Stage.VERDICT).begin(at);
        }
        return List.of(new Line(at, Stage.REVEALED.label(), "%s opened its seal".formatted(who(attempt))));
    }

    private List<Line> disputed(Instant at, ResultDisputed fact) {
        board.line(Stage.VERDICT).begin(at);
        board.line(Stage.VERDICT).say("disputed");
        return board.note(
                at,
                audited
                        ? fact.detail() + "; one more auditor decides"
                        : "the roots differ at border %d; one more replica decides".formatted(fact.border()));
    }

    private List<Line> ended(Instant at, AttemptEnded fact) {
        var state = AttemptState.of(fact.end());
        become(fact.attempt(), state);
        var text = "%s %s: %s".formatted(who(fact.attempt()), Words.lower(state), fact.detail());
        if (fact.end() == AttemptEnd.VERIFIED || fact.end() == AttemptEnd.CANCELLED) {
            return List.of(new Line(at, "ended", text));
        }
        return board.note(at, text);
    }

    private List<Line> accepted(Instant at, ResultAccepted fact) {
        outcome = Outcome.ACCEPTED;
        var winners = fact.payable().winners();
        winners.forEach(run -> become(run.assignment().attempt(), AttemptState.VERIFIED));
        fact.payable().contradictors().forEach(run -> become(run.assignment().attempt(), AttemptState.REJECTED));
        var lines = new ArrayList<>(payment.convicted(at, fact.payable().contradictors()));
        var root = winners.isEmpty()
                ? ""
                : ": root " + Words.brief(winners.getFirst().opening().root().value());
        var text = audited
                ? "%d auditors found that the run holds%s"
                        .formatted(fact.payable().verdicts().size(), root)
                : "%d owners agree%s".formatted(winners.size(), root);
        lines.addAll(board.done(at, Stage.VERDICT, text, Stage.PAID));
        return lines;
    }

    /** An audited run's way from its opening to the verdict. */
    private List<Line> audit(Instant at, JobFact fact) {
        var text = AuditWords.of(fact);
        board.line(Stage.VERDICT).begin(at);
        text.ifPresent(words -> board.line(Stage.VERDICT).say(words));
        return text.map(words -> List.of(new Line(at, Stage.VERDICT.label(), words)))
                .orElse(List.of());
    }

    private String who(int attempt) {
        return (replicas.containsKey(attempt) ? "replica " : "auditor ") + attempt;
    }

    private List<Line> decided(Instant at, Outcome how, String text) {
        outcome = how;
        for (var line : board.stages()) {
            if (line.mark() == StageLine.Mark.ACTIVE) {
                line.fail(at, line.detail());
            }
        }
        board.line(Stage.VERDICT).fail(at, text);
        board.line(Stage.SETTLED).begin(at);
        return List.of(new Line(at, Stage.VERDICT.label(), text));
    }

    private List<Line> state(Instant at, int attempt, AttemptState state, String text) {
        become(attempt, state);
        return text.isEmpty() ? List.of() : List.of(new Line(at, "attempt", text));
    }

    private void become(int attempt, AttemptState state) {
        var replica = replicas.get(attempt);
        if (replica != null) {
            replica.become(state);
        }
    }

    private boolean allLive(java.util.function.Predicate<Replica> test) {
        return replicas.values().stream().filter(Replica::live).allMatch(test)
                && count(Replica::live) >= Math.min(wanted, 2);
    }

    private long count(java.util.function.Predicate<Replica> test) {
        return replicas.values().stream().filter(Replica::live).filter(test).count();
    }

    /** Settled: nothing will change any more. */
    public boolean over() {
        return board.line(Stage.SETTLED).mark() == StageLine.Mark.DONE;
    }

    /** It is decided, and said how it will be paid: what follows may take days. */
    public boolean planned() {
        return payment.planned();
    }

    /** How it was decided; empty before. */
    public Optional<Outcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    public Optional<Instant> began() {
        return Optional.ofNullable(began);
    }

    Optional<Instant> latest() {
        return Optional.ofNullable(latest);
    }

    String name() {
        return name;
    }

    Collection<StageLine> stages() {
        return board.stages();
    }

    Collection<Replica> replicas() {
        return replicas.values();
    }

    List<String> notes() {
        return board.notes();
    }

    Money money() {
        return board.money();
    }
}
