package io.perigee.cli.settlement;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.EpochBook.Post;
import io.perigee.client.ApiException;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.EpochAudit;
import io.perigee.protocol.epoch.EpochFile;
import io.perigee.protocol.epoch.EpochFileFault;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.Finding;
import io.perigee.protocol.epoch.Lines;
import io.perigee.protocol.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where an epoch's lines come from, and whether they are what was posted. */
final class EpochSource {
    /** Of a million lines, 136 MB, over a slow line. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Session session;
    private final Optional<Path> file;

    /** @param file in place of the hub's */
    EpochSource(Session session, Optional<Path> file) {
        this.session = session;
        this.file = file;
    }

    /** @throws Refusal when the user's own file cannot be read; whatever else a hub sends than the file is withholding it */
    Checked check(Post post) {
        if (post.accounts().isEmpty() || post.lines() > Lines.MOST) {
            return new Checked.Withheld(
                    "Expected accounts of at most %d lines, which a file can hold, but they speak of %d"
                            .formatted(Lines.MOST, post.lines()));
        }
        try {
            return compare(post, post.accounts().get(), file.isPresent() ? local(file.get()) : ofHub(post.id()));
        } catch (EpochFileFault | ApiException e) {
            return new Checked.Withheld(String.valueOf(e.getMessage()));
        }
    }

    private EpochFile ofHub(EpochId id) {
        return session.client().epochFile(id, Lines.MOST, LONGEST);
    }

    private static EpochFile local(Path path) {
        try (var in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            return EpochFile.read(in, Lines.MOST);
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Expected to read the epoch file '%s', but it failed".formatted(path),
                    "Check --file");
        }
    }

    /** The file must be this epoch's and have its root; else it proves nothing about it. */
    static Checked compare(Post post, Accounts accounts, EpochFile file) {
        if (!file.id().equals(post.id())) {
            return new Checked.Withheld(
                    "Expected the file of epoch %s, but it is that of %s".formatted(post.id(), file.id()));
        }
        var findings = EpochAudit.findings(file.lines(), post.root(), accounts);
        for (var finding : findings) {
            switch (finding) {
                case Finding.AnotherRoot _, Finding.AnotherCount _ -> {
                    return new Checked.Withheld(finding.sentence());
                }
                case Finding.OutOfOrder _, Finding.WrongDebit _, Finding.CreditTooLow _, Finding.CreditTooHigh _ -> {}
            }
        }
        var ledger = EpochLedger.posted(post.id(), file.lines(), accounts);
        return findings.isEmpty() ? new Checked.True(ledger) : new Checked.False(ledger, findings);
    }
}
