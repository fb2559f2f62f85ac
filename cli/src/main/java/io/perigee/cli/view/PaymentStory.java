package io.perigee.cli.view;

import io.perigee.cli.view.JobStory.Line;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.result.RunEvidence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How a decided job is paid: by its epoch, or by its evidence alone. */
final class PaymentStory {
    private final StoryBoard board;
    private boolean planned;

    PaymentStory(StoryBoard board) {
        this.board = board;
    }

    /** It is said how it will be paid: what follows may take days. */
    boolean planned() {
        return planned;
    }

    /** Whose bonds burn when the order is settled by its evidence. */
    List<Line> convicted(Instant at, List<RunEvidence> runs) {
        var lines = new ArrayList<Line>();
        for (var run : runs) {
            var assignment = run.assignment();
            lines.addAll(board.note(
                    at,
                    "replica %d of owner %s is proven wrong; its bond of %s burns with the payment"
                            .formatted(
                                    assignment.attempt(),
                                    Words.brief(assignment.owner().value()),
                                    board.money().of(assignment.bond()))));
        }
        return lines;
    }

    List<Line> sent(Instant at, SettlementSent fact) {
        var stage = fact.purpose().contains("collect") ? Stage.SETTLED : Stage.PAID;
        board.line(stage).begin(at);
        board.line(stage).say("transaction %s sent".formatted(Words.brief(fact.txHash())));
        return List.of(new Line(at, stage.label(), "transaction %s sent".formatted(fact.txHash())));
    }

    List<Line> joined(Instant at, EpochJoined fact) {
        planned = true;
        var text = "in epoch %d, posted from %s, final at %s"
                .formatted(fact.epoch(), Words.moment(fact.postedFrom()), Words.moment(fact.finalAt()));
        board.line(Stage.PAID).begin(at);
        board.line(Stage.PAID).say(text);
        return List.of(new Line(at, Stage.PAID.label(), text));
    }

    List<Line> posted(Instant at, EpochPosted fact) {
        var total = sum(fact.payouts());
        return board.done(
                at,
                Stage.PAID,
                "%s for %d replicas in epoch %d, posted in %s, final at %s"
                        .formatted(
                                board.money().of(total),
                                fact.payouts().size(),
                                fact.epoch(),
                                Words.brief(fact.txHash()),
                                Words.moment(fact.finalAt())),
                Stage.SETTLED);
    }

    List<Line> left(Instant at, EpochLeft fact) {
        planned = true;
        board.line(Stage.PAID).begin(at);
        return board.note(
                at,
                "not in epoch %d: %s; paid by its evidence from %s on"
                        .formatted(fact.epoch(), fact.reason(), Words.moment(fact.directFrom())));
    }

    private static Amount sum(List<Payout> payouts) {
        return payouts.stream().map(Payout::amount).reduce(Amount.ZERO, Amount::plus);
    }

    List<Line> reserved(Instant at, CreditsReserved fact) {
        var total = sum(fact.payouts());
        return board.done(
                at,
                Stage.PAID,
                "%s for %d runs, transaction %s, %s gas"
                        .formatted(
                                board.money().of(total),
                                fact.payouts().size(),
                                Words.brief(fact.txHash()),
                                Words.count(fact.gasUsed())),
                Stage.SETTLED);
    }

    List<Line> settled(Instant at, JobSettled fact) {
        var lines = new ArrayList<Line>();
        if (board.line(Stage.PAID).mark() != StageLine.Mark.DONE) {
            board.line(Stage.PAID)
                    .finish(
                            at,
                            fact.payouts().isEmpty()
                                    ? "nothing is owed"
                                    : board.money().of(sum(fact.payouts())));
        }
        var text = "%s given back".formatted(board.money().of(fact.refunded()));
        for (var burn : fact.burns()) {
            lines.addAll(board.note(
                    at,
                    "replica %d loses its bond of %s, burned of the stake of owner %s"
                            .formatted(
                                    burn.attempt(),
                                    board.money().of(burn.amount()),
                                    Words.brief(burn.owner().value()))));
        }
        lines.addAll(board.done(at, Stage.SETTLED, text, null));
        return lines;
    }
}
