package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.CaseState;
import io.perigee.cli.job.Fetched;
import io.perigee.cli.settlement.Entrance;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.Leaves;
import io.perigee.protocol.result.RunEvidence;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes one run to court. */
@Command(
        name = "accuse",
        description = "accuse a run of one wrong segment, from a fetched proof; writes the case that judges need",
        footer = {
            "",
            "The segment is the first at which the run's leaves differ from another's, or the one named. It is run again "
                    + "here first: what it comes to is your claim, and if it comes to the run's own leaf nobody is accused. "
                    + "Judges do the same. If enough of them come to your leaf you have your bond back less what judges cost, "
                    + "and a part of what is slashed; if they come to the run's own or to a third one, your bond is lost.",
            "",
            "Example: perigee court accuse ./result --to ./case --base ./base --dataset ./dataset --from-start"
        })
final class AccuseCommand implements Callable<Integer> {
    /** What it takes beside some leaves more or less. */
    private static final long USUAL_GAS = 320_000;

    private final Session session;

    @Parameters(paramLabel = "PROOF", description = "what 'perigee fetch' wrote")
    private Path proof = Path.of(".");

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "where to write the case")
    private Path target = Path.of(".");

    @Option(
            names = "--accused",
            paramLabel = "ATTEMPT",
            description = "whom to accuse; else the one run that contradicts the winners")
    private @Nullable Integer accused;

    @Option(
            names = "--against",
            paramLabel = "ATTEMPT",
            description = "whose leaves to compare with; else the first run that differs")
    private @Nullable Integer against;

    @Option(
            names = "--border",
            paramLabel = "N",
            description = "where the wrong segment ends; else the first border at which the two differ")
    private @Nullable Integer border;

    @Option(
            names = "--search",
            description =
                    "run the whole job again here, and take the first border at which the run is wrong: trusts nobody")
    private boolean search;

    @Option(names = "--unchecked", description = "do not run the segment here: claim the other run's leaf")
    private boolean unchecked;

    @Mixin
    private Inputs inputs = new Inputs();

    @Mixin
    private Trainers trainers = new Trainers();

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    AccuseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var openings = new Openings(Fetched.open(proof).bundle());
        var run = openings.accused(Optional.ofNullable(accused));
        var other = search ? Optional.<RunEvidence>empty() : openings.other(run, Optional.ofNullable(against));
        var about = openings.about(run, search ? 1 : border(run, other));
        new Entrance(session).enter(List.of(about.run()));
        var court = new Courtroom(session);
        requireOpen(about, court);
        var files = new CaseDirectory(target);
        session.say("");
        files.write(about);
        inputs.gather(session, about, files, trainers);
        var claim = search ? searched(openings, run, about, files) : claim(about, files, other);
        files.write(claim.written());
        session.say("  %s the case is in %s".formatted(session.ink().done(), target));
        return accuse(claim, court);
    }

    private Claim searched(Openings openings, RunEvidence run, CourtCase about, CaseDirectory files) {
        var rerun = trainers.rerun(session, about);
        int last = about.leaves().getLast().border();
        session.say("  %s border 0 to %d is run again, by %s"
                .formatted(session.ink().active(), last, rerun.words()));
        var wrong = rerun.search(about, files)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.CONTRADICTION,
                        "Expected the job to come to other leaves than the run's, but up to border %d it comes to the same"
                                .formatted(last),
                        "The run is right"));
        return new Claim(openings.about(run, wrong.border()), wrong.found());
    }

    private int border(RunEvidence run, Optional<RunEvidence> other) {
        if (border != null) {
            return border;
        }
        return other.flatMap(one -> Leaves.firstDifference(run.segments(), one.segments()))
                .orElseThrow(() -> new Refusal(
                        ErrorCode.CONFLICT,
                        "Expected a border at which attempt %d differs from another, but all agree with it"
                                .formatted(run.assignment().attempt()),
                        "Name the border with --border, if you know better than all of them"));
    }

    private static void requireOpen(CourtCase about, Courtroom court) {
        if (court.book().condemned(about.run().assignmentHash())) {
            throw new Refusal(
                    ErrorCode.WRONG_STATE,
                    "Expected to accuse run '%s', but it is condemned already"
                            .formatted(about.run().assignmentHash()),
                    "Nothing is left to do; what it brought: perigee court withdraw");
        }
    }

    private Claim claim(CourtCase about, CaseDirectory files, Optional<RunEvidence> other) {
        var theirs = other.flatMap(run -> run.segments().stream()
                .filter(hashes -> hashes.border() == about.border())
                .findFirst());
        if (unchecked) {
            return theirs.filter(hashes -> !hashes.equals(about.accused()))
                    .map(hashes -> new Claim(about, new Finding.Hashes(hashes)))
                    .orElseThrow(() -> new Refusal(
                            ErrorCode.CONFLICT,
                            "Expected another run that differs at border %d to take the claim from, but there is none"
                                    .formatted(about.border()),
                            "Leave --unchecked out: then the segment is run again here"));
        }
        var rerun = trainers.rerun(session, about);
        session.say("  %s border %d to %d is run again, by %s"
                .formatted(session.ink().active(), about.border() - 1, about.border(), rerun.words()));
        var found = rerun.segment(about, files);
        if (found.leaf(about).equals(about.accusedLeaf())) {
            throw new Refusal(
                    ErrorCode.CONTRADICTION,
                    "Expected the segment to come to another leaf than the accused's, but it comes to the same: '%s'"
                            .formatted(about.accusedLeaf()),
                    theirs.filter(hashes -> !hashes.equals(about.accused())).isPresent()
                            ? "The run is right there, and the other is wrong: --accused names whom to accuse"
                            : "The run is right there");
        }
        if (theirs.map(about::leaf).filter(found.leaf(about)::equals).isEmpty() && other.isPresent()) {
            session.say("  %s the other run is wrong there too; the claim is what was found here"
                    .formatted(session.ink().notice()));
        }
        return new Claim(about, found);
    }

    private int accuse(Claim claim, Courtroom court) {
        var about = claim.about();
        var claimed = claim.leaf();
        new AccusationView(session, court).show(claim);
        var transactions = court.taking(
                court.book().terms().accuserBond(),
                court.book().accuse(about, claimed),
                new Courtroom.Words("accuse", "accused", "the accuser's bond"),
                USUAL_GAS);
        transactions.announce();
        var sent = transactions.send(yes, "Accuse it?");
        var opened = opened(about, claimed, court);
        var document = new LinkedHashMap<>(new CaseView(opened, court.now()).document());
        document.put("case", target.toString());
        document.put("transactions", sent);
        session.answer(document, () -> {
            session.say("");
            session.say("  %s case %d is open".formatted(session.ink().done(), opened.id()));
            session.say("    %s".formatted(new CaseView(opened, court.now()).next()));
            session.say(
                    "    give %s to its judges; who they are: perigee court show %d".formatted(target, opened.id()));
            session.say("");
        });
        return ExitCode.DONE;
    }

    private CaseState opened(CourtCase about, Digest claimed, Courtroom court) {
        var mine = session.walletFile().address();
        return court.book().cases(court.now().minus(court.book().terms().window())).found().stream()
                .filter(state -> state.dispute().accuser().equals(mine)
                        && state.dispute().accusedLeaf().equals(about.accusedLeaf())
                        && state.dispute().claimedLeaf().equals(claimed))
                .reduce((_, last) -> last)
                .orElseThrow();
    }
}
