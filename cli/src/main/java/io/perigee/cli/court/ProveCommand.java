package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.settlement.Entrance;
import io.perigee.cli.settlement.EvidenceFiles;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A fraud that proves itself: one run, one border, two openings. */
@Command(
        name = "prove",
        description = "show two openings of one run and border that differ: no judges are needed, and no bond",
        footer = {
            "",
            "Both in the form in which agents keep a run's evidence, each signed by the run's key. The run's pay goes back to "
                    + "its builder; of its bond a quarter is yours, but no more than an accusation costs, and nobody has the rest.",
            "",
            "Example: perigee court prove --evidence one.json --evidence other.json"
        })
final class ProveCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--evidence", paramLabel = "FILE", required = true, description = "evidence of the run; twice")
    private List<Path> evidence = List.of();

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    ProveCommand(Session session) {
        this.session = session;
    }

    /** What contradicts itself. */
    private record Pair(KeptEvidence one, KeptSeal first, KeptEvidence other, KeptSeal second) {}

    @Override
    public Integer call() {
        var runs = EvidenceFiles.read(Optional.empty(), evidence);
        new Entrance(session).enter(runs);
        var pair = find(runs)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.CONFLICT,
                        "Expected two openings of one run and border that differ, but there are none in the %d files"
                                .formatted(evidence.size()),
                        "Two runs that differ are for judges: perigee court accuse"));
        var court = new Courtroom(session);
        var transactions = new Transactions(session)
                .add(
                        "prove",
                        "proven",
                        court.money().of(pair.one().assignment().bond()),
                        "is its bond; it opened border %d as %s and as %s"
                                .formatted(pair.first().border(), brief(pair.first()), brief(pair.second())),
                        court.book().proveTwoOpenings(pair.one(), pair.first(), pair.other(), pair.second()));
        transactions.announce();
        var sent = transactions.send(yes, "Show it?");
        session.answer(
                Map.of(
                        "assignment",
                        pair.one().assignmentHash(),
                        "border",
                        pair.first().border(),
                        "transactions",
                        sent),
                () -> session.say("    perigee court withdraw"));
        return ExitCode.DONE;
    }

    private static Optional<Pair> find(List<KeptEvidence> runs) {
        for (var one : runs) {
            for (var other : runs) {
                var found = one.assignmentHash().equals(other.assignmentHash())
                        ? differing(one, other)
                        : Optional.<Pair>empty();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Pair> differing(KeptEvidence one, KeptEvidence other) {
        return one.seals().stream()
                .flatMap(first -> other.seals().stream()
                        .filter(second -> second.border() == first.border()
                                && !second.opening().agreesWith(first.opening()))
                        .map(second -> new Pair(one, first, other, second)))
                .findFirst();
    }

    private static String brief(KeptSeal seal) {
        return Words.brief(seal.opening().root().value());
    }
}
