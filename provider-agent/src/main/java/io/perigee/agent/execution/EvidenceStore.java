package io.perigee.agent.execution;

import io.perigee.agent.execution.AttemptRecord.Enrolled;
import io.perigee.agent.identity.Enrolment;
import io.perigee.agent.store.DurableFiles;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import io.perigee.protocol.result.KeptVerdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What lets the owner be paid with the hub gone: {@code evidence/<hash>.json}, one file a run, in the protocol's form. It is
 * written when a run seals what it will show, and outlives the attempt: its order is paid days after its deadline.
 */
final class EvidenceStore {
    private static final String SUFFIX = ".json";
    /** After an order's deadline: settlement windows, disputes, and an owner who is away. */
    private static final Duration OF_USE = Duration.ofDays(60);
    /** What every file system can note down; the year 2106. */
    private static final long LATEST = 4_294_967_295L - OF_USE.toSeconds();

    private final Path directory;
    private final Sealer sealer;
    private final Enrolment enrolment;
    private final int remembered;
    private final int most;
    private final Clock clock;

    /**
     * @param remembered how many runs are kept in any case
     * @param most how many are kept while they can be of use; those go first that are of use the shortest
     */
    EvidenceStore(Path directory, Sealer sealer, Enrolment enrolment, int remembered, int most, Clock clock) {
        this.directory = directory;
        this.sealer = sealer;
        this.enrolment = enrolment;
        this.remembered = remembered;
        this.most = most;
        this.clock = clock;
    }

    /**
     * Writes what the run can show as it stands; when this returns, it survives a crash. Borders kept before stay: who opened
     * the whole and then a part can still show the whole.
     */
    void keep(AttemptRecord run) {
        var fresh = seals(run);
        if (!fresh.isEmpty()) {
            write(run, fresh);
        }
    }

    /**
     * Adds a border that is opened while the run goes on: should this machine be gone then, its owner has what shows the part
     * that others audit. An agent opens at most 32 in passing, and the limits of what is kept hold as ever.
     */
    void keepPassed(AttemptRecord run, int border) {
        write(run, List.of(seal(run, border, null)));
    }

    private void write(AttemptRecord run, List<KeptSeal> fresh) {
        var file = directory.resolve(run.assignmentHash().value().substring(2) + SUFFIX);
        try {
            var kept = kept(file);
            var enrolled = enrolled(run, kept);
            if (!enrolled.sessionKey().key().equals(enrolment.sessionKey().key())) {
                // what the new key signs proves nothing of this run; what is there still does
                return;
            }
            DurableFiles.privateDirectory(directory);
            DurableFiles.write(file, Json.bytes(evidence(run, enrolled, merged(kept, fresh))));
            Files.setLastModifiedTime(file, FileTime.from(ofUseUntil(run)));
            forgetOldest();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to keep a run's evidence, but could not", e);
        }
    }

    /** Settlement asks whether the key was in force when the work was assigned, so a later enrolment's does not do. */
    private Enrolled enrolled(AttemptRecord run, Optional<KeptEvidence> kept) {
        var enrolled = run.enrolled();
        if (enrolled != null) {
            return enrolled;
        }
        return kept.filter(before -> before.sessionKey().serial() == run.work().sessionSerial())
                .map(before -> new Enrolled(before.sessionKey(), before.sessionKeySignature()))
                .orElseGet(() -> Enrolled.by(enrolment));
    }

    private KeptEvidence evidence(AttemptRecord run, Enrolled enrolled, List<KeptSeal> seals) {
        var work = run.work();
        return new KeptEvidence(
                KeptEvidence.VERSION,
                enrolment.chainId(),
                enrolment.escrow(),
                work.order(),
                work.orderSignature(),
                work.assignment(),
                work.hubSignature(),
                enrolled.sessionKey(),
                enrolled.ownerSignature(),
                sealer.accept(run).signature(),
                seals,
                verdict(run));
    }

    private @Nullable KeptVerdict verdict(AttemptRecord run) {
        var verdict = run.verdict();
        return verdict == null
                ? null
                : new KeptVerdict(verdict, sealer.verdict(run, verdict).signature());
    }

    private static Optional<KeptEvidence> kept(Path file) throws IOException {
        return Files.isRegularFile(file)
                ? Optional.of(Json.read(Files.readAllBytes(file), KeptEvidence.class))
                : Optional.empty();
    }

    private static List<KeptSeal> merged(Optional<KeptEvidence> kept, List<KeptSeal> fresh) {
        var byBorder = new TreeMap<Integer, KeptSeal>();
        kept.ifPresent(before -> before.seals().forEach(seal -> byBorder.put(seal.border(), seal)));
        fresh.forEach(seal -> byBorder.put(seal.border(), seal));
        var all = List.copyOf(byBorder.values());
        return all.subList(Math.max(0, all.size() - KeptEvidence.MOST_SEALS), all.size());
    }

    /** Nothing while the run goes on, but what is opened in passing: its record has it all, and it seals more. */
    private List<KeptSeal> seals(AttemptRecord run) {
        return switch (run.phase()) {
            case Phase.Preparing _, Phase.Running _, Phase.Resuming _, Phase.Finishing _, Phase.Closed _ -> List.of();
            case Phase.Sealed(var outputs) -> seals(run, run.toBorder(), outputs);
            case Phase.Finished(var outputs, var _) -> seals(run, run.toBorder(), outputs);
            case Phase.Opened(int border, var outputs, var _) -> seals(run, border, outputs);
            case Phase.Halted(int border) -> seals(run, border, null);
            case Phase.Failed _ ->
                receipted(run).stream().map(border -> seal(run, border, null)).toList();
        };
    }

    /** Every border that the hub gave a receipt for, and then the one that is shown. */
    private List<KeptSeal> seals(AttemptRecord run, int shown, @Nullable ContentId outputs) {
        var seals = new ArrayList<KeptSeal>();
        receipted(run).stream().filter(border -> border < shown).forEach(border -> seals.add(seal(run, border, null)));
        seals.add(seal(run, shown, outputs));
        return seals;
    }

    /** Parts, from the first on; of many the last ones. The whole needs its outputs, which a receipt does not name. */
    private static List<Integer> receipted(AttemptRecord run) {
        var borders = run.receipts().stream()
                .map(receipt -> receipt.commitment().toBorder())
                .filter(border -> border < run.toBorder())
                .distinct()
                .sorted()
                .toList();
        return borders.subList(Math.max(0, borders.size() - KeptEvidence.MOST_SEALS + 1), borders.size());
    }

    private KeptSeal seal(AttemptRecord run, int border, @Nullable ContentId outputs) {
        var commit = sealer.commit(run, border, outputs);
        var receipt = run.receipt(border);
        return new KeptSeal(
                commit.commitment(),
                commit.signature(),
                sealer.opening(run, border, outputs),
                receipt.map(given -> given.receipt()).orElse(null),
                receipt.map(given -> given.hubSignature()).orElse(null));
    }

    /** Kept as the file's time, so that forgetting reads no file. */
    private static Instant ofUseUntil(AttemptRecord run) {
        return Instant.ofEpochSecond(Math.min(run.work().order().deadline(), LATEST))
                .plus(OF_USE);
    }

    private void forgetOldest() throws IOException {
        var files = new ArrayList<Path>();
        try (var listing = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            listing.forEach(files::add);
        }
        files.sort(Comparator.comparing(file -> file.toFile().lastModified()));
        long now = clock.millis();
        int left = files.size();
        for (var file : files) {
            boolean needless = left > most || left > remembered && file.toFile().lastModified() < now;
            if (!needless) {
                return;
            }
            Files.deleteIfExists(file);
            left--;
        }
    }
}
