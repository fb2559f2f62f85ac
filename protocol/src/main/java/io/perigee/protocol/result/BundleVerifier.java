package io.perigee.protocol.result;

import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.SpecRules;
import io.perigee.protocol.spec.VerificationPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks a bundle with nothing but the bundle: no hub, no chain, no clock. What it cannot know, and the chain can: that
 * the owners are registered, and that the money moved.
 */
public final class BundleVerifier {
    private static final String ACCEPTED = "accepted";

    private final Bundle bundle;
    private final Digest orderHash;
    private final List<Check> checks = new ArrayList<>();

    private BundleVerifier(Bundle bundle) {
        this.bundle = bundle;
        this.orderHash = bundle.order().digest(bundle.domain());
    }

    /** Every check in the order of the story; the bundle holds when all are ok. */
    public static List<Check> verify(Bundle bundle) {
        var verifier = new BundleVerifier(bundle);
        verifier.order();
        var runs = new RunVerifier(bundle, verifier.orderHash);
        for (var link : bundle.payable().links()) {
            link.winners().forEach(run -> verifier.checks.addAll(runs.verify(run)));
            link.contradictors().forEach(run -> verifier.checks.addAll(runs.verify(run)));
            verifier.agreement(link);
            verifier.contradiction(link);
        }
        verifier.chain();
        verifier.done(bundle.payable().winners());
        verifier.money();
        return List.copyOf(verifier.checks);
    }

    /** Whether outputs of this manifest digest are what the winners sealed. */
    public static Check outputs(Bundle bundle, ContentId manifest) {
        var sealed = bundle.payable().winners().stream()
                .map(run -> run.opening().outputDigest())
                .distinct()
                .toList();
        boolean ok = sealed.size() == 1 && sealed.getFirst().equals(manifest.digest());
        return new Check(
                "the outputs are what the winners sealed",
                ok,
                ok ? manifest.value() : "sealed %s, found %s".formatted(sealed, manifest));
    }

    /** Whether a checkpoint's files are those of the last border the winners showed: the four by their names, and no other. */
    public static Check checkpoint(Bundle bundle, Manifest files) {
        var name = "the checkpoint is what the winners sealed";
        var last = bundle.payable().winners().stream()
                .flatMap(run -> run.segments().stream())
                .max(Comparator.comparingInt(SegmentHashes::border));
        if (last.isEmpty()) {
            return new Check(name, false, "the winners showed no border");
        }
        var sealed = last.get().files();
        var found = files.files().stream()
                .filter(file -> !isMarker(file))
                .collect(Collectors.toMap(FileEntry::path, FileEntry::sha256));
        var border = "border %d".formatted(last.get().border());
        return difference(sealed, found)
                .map(difference -> new Check(name, false, border + ": " + difference))
                .orElseGet(() -> new Check(name, true, border));
    }

    /** What a trainer writes when the four are whole; it holds nothing. */
    private static boolean isMarker(FileEntry file) {
        return file.path().equals("DONE") && file.size() == 0;
    }

    private static Optional<String> difference(Map<String, ContentId> sealed, Map<String, ContentId> found) {
        var names = new TreeSet<>(sealed.keySet());
        names.addAll(found.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(sealed.get(name), found.get(name)))
                .findFirst()
                .map(name -> {
                    if (!found.containsKey(name)) {
                        return "'%s' is missing".formatted(name);
                    }
                    return sealed.containsKey(name)
                            ? "'%s' is another file".formatted(name)
                            : "'%s' is no file of a checkpoint".formatted(name);
                });
    }

    private void order() {
        var order = bundle.order();
        var spec = bundle.spec();
        var faults = SpecRules.check(spec);
        check(
                "the spec keeps the rules",
                faults.isEmpty(),
                faults.isEmpty() ? spec.name() : faults.getFirst().toString());
        var specHash = SpecHash.of(spec);
        check("the order names this spec", specHash.equals(order.specHash()), specHash.value());
        check(
                "the order keeps the spec's terms",
                order.segments() == spec.borders()
                        && order.quorum() == spec.verification().quorum()
                        && order.maxPayment().equals(spec.price().max()),
                "%d borders, quorum %d, at most %s".formatted(order.segments(), order.quorum(), order.maxPayment()));
        check(
                "the order is signed by the builder",
                Signatures.isBy(order.builder(), orderHash, bundle.orderSignature()),
                "builder " + order.builder());
    }

    private void agreement(Payable link) {
        var winners = link.winners();
        if (winners.isEmpty()
                && !bundle.outcome().equals(ACCEPTED)
                && bundle.payable().parts() == null) {
            return;
        }
        if (audited()) {
            check("one run won", winners.size() == 1, "%d runs".formatted(winners.size()));
            winners.stream()
                    .limit(1)
                    .forEach(winner -> checks.addAll(new AuditVerifier(bundle, orderHash, link, winner).verify()));
        } else {
            quorum(link);
        }
    }

    /** The first run begins at the agreed start, each other where the one before it ended; no owner is in two of them. */
    private void chain() {
        var ways = new ArrayList<String>();
        var owners = new HashSet<Address>();
        boolean whole = true;
        boolean distinct = true;
        int reached = 0;
        for (var link : bundle.payable().links()) {
            int from = reached;
            whole &= link.winners().stream()
                    .allMatch(run -> run.assignment().fromBorder() == from
                            && run.commitment().toBorder() == link.toBorder());
            reached = link.toBorder();
            ways.add("%d to %d".formatted(from, reached));
            distinct &= Stream.concat(
                            link.winners().stream(), link.verdicts().stream().map(AuditEvidence::run))
                    .allMatch(run -> owners.add(run.assignment().owner()));
        }
        check("each part begins where the last ended", whole, "border " + String.join(", ", ways));
        if (bundle.payable().parts() != null) {
            check("nobody did or audited two parts", distinct && audited(), "%d owners".formatted(owners.size()));
        }
    }

    private boolean audited() {
        return bundle.spec().verification().policy() != VerificationPolicy.REPLICATE;
    }

    private void quorum(Payable link) {
        var winners = link.winners();
        int quorum = bundle.order().quorum();
        var owners = winners.stream().map(run -> run.assignment().owner()).collect(Collectors.toSet());
        check(
                "enough distinct owners won",
                owners.size() == winners.size() && owners.size() >= quorum,
                "%d of %d needed: %s".formatted(owners.size(), quorum, shorten(owners)));
        boolean same = winners.stream()
                .allMatch(run -> run.opening().agreesWith(winners.getFirst().opening())
                        && run.assignment().fromBorder()
                                == winners.getFirst().assignment().fromBorder()
                        && run.commitment().toBorder() == link.toBorder());
        check(
                "the winners agree",
                same && !winners.isEmpty(),
                winners.isEmpty()
                        ? "nobody"
                        : "root " + winners.getFirst().opening().root());
    }

    private void done(List<RunEvidence> winners) {
        if (bundle.outcome().equals(ACCEPTED)) {
            check(
                    "the winners did the whole job",
                    winners.stream()
                                    .allMatch(run -> run.commitment().toBorder()
                                            == run.assignment().toBorder())
                            && (bundle.order().segments() == 0
                                    || bundle.payable().toBorder()
                                            == bundle.order().segments()),
                    "border %d of %d"
                            .formatted(
                                    bundle.payable().toBorder(), bundle.order().segments()));
        }
    }

    private void contradiction(Payable payable) {
        for (var run : payable.contradictors()) {
            boolean differs = run.commitment().toBorder() == payable.toBorder()
                    && payable.winners().stream()
                            .noneMatch(winner -> winner.opening().agreesWith(run.opening()));
            check(
                    "attempt %d contradicts the winners"
                            .formatted(run.assignment().attempt()),
                    differs && !payable.winners().isEmpty(),
                    "root " + run.opening().root());
        }
    }

    private void money() {
        var total = bundle.payable().links().stream().map(BundleVerifier::due).reduce(Amount.ZERO, Amount::plus);
        var max = bundle.order().maxPayment();
        check("the pay keeps within the order", max.covers(total), "%s of at most %s".formatted(total, max));
    }

    private static Amount due(Payable link) {
        var runs = link.winners().stream()
                .map(run -> run.assignment().earnedAt(link.toBorder()))
                .reduce(Amount.ZERO, Amount::plus);
        return link.verdicts().stream()
                .map(audit -> audit.run().assignment().price())
                .reduce(runs, Amount::plus);
    }

    private void check(String name, boolean ok, String detail) {
        checks.add(new Check(name, ok, detail));
    }

    private static String shorten(Iterable<Address> owners) {
        var out = new ArrayList<String>();
        owners.forEach(owner -> out.add(owner.value().substring(0, 8)));
        return String.join(", ", out);
    }
}
