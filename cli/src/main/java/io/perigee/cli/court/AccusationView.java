package io.perigee.cli.court;

import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.SegmentHashes;
import java.util.Objects;

/** Both sides of an accusation, and what it may win or lose. */
record AccusationView(Session session, Courtroom court) {
    private static final int FIRST = 5;
    private static final int BOTH = 14;

    void show(Claim claim) {
        var ink = session.ink();
        var about = claim.about();
        session.say("");
        session.say("  border %d to %d of attempt %d, of owner %s"
                .formatted(
                        about.border() - 1,
                        about.border(),
                        about.run().assignment().attempt(),
                        about.run().assignment().owner()));
        session.say("");
        var table = new Table(ink, "", "the run says", "you say", "");
        switch (claim.finding()) {
            case Finding.Hashes(SegmentHashes found) -> files(table, about.accused(), found);
            case Finding.CannotBeRun(String why) -> table.row(ink.dim("the segment"), "was run", "cannot be", why);
        }
        table.row(
                ink.dim("leaf"),
                Words.brief(about.accusedLeaf().value()),
                Words.brief(claim.leaf().value()),
                "");
        table.lines("  ").forEach(session::say);
        session.say("");
        outcomes(about);
    }

    private void files(Table table, SegmentHashes accused, SegmentHashes found) {
        var ours = CaseDirectory.byName(found);
        CaseDirectory.byName(accused).forEach((name, said) -> {
            var mine = Objects.requireNonNull(ours.get(name));
            table.row(
                    session.ink().dim(name),
                    brief(said),
                    brief(mine),
                    said.equals(mine) ? "" : session.ink().bad("differs"));
        });
    }

    private void outcomes(CourtCase about) {
        var money = court.money();
        var terms = court.book().terms();
        boolean strict = about.run().assignment().numericClass().equals(NumericClass.STRICT);
        var slashable = strict ? about.run().assignment().bond() : Amount.ZERO;
        var one = terms.fee().times(FIRST);
        var both = terms.fee().times(BOTH);
        var table =
                new Table(session.ink(), "judges come to", "your bond of " + money.of(terms.accuserBond()), "the run");
        table.row(
                "your leaf",
                "%s to %s of it back, and %s of what the run loses"
                        .formatted(
                                money.of(terms.accuserBond().minus(both)),
                                money.of(terms.accuserBond().minus(one)),
                                money.of(reward(slashable, one))),
                "loses its pay and its bond of %s".formatted(money.of(slashable)));
        table.row("its own leaf", "is lost", "has half of what judges leave of it");
        table.row("a third leaf", "is lost", "loses its pay and its bond of %s".formatted(money.of(slashable)));
        table.row(
                "no one leaf",
                "%s to %s of it back"
                        .formatted(
                                money.of(terms.accuserBond().minus(both)),
                                money.of(terms.accuserBond().minus(one))),
                "loses nothing");
        table.lines("  ").forEach(session::say);
    }

    /** A quarter of what is slashed, and twice what judges cost, at most. */
    private static Amount reward(Amount slashable, Amount costs) {
        var quarter = new Amount(slashable.value().shiftRight(2));
        var most = costs.times(2);
        return most.covers(quarter) ? quarter : most;
    }

    private static String brief(ContentId id) {
        return Words.brief("0x" + id.hex());
    }
}
