package io.perigee.cli.settlement;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.EpochBook.Post;
import io.perigee.client.ApiException;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.EpochAudit;
import io.perigee.protocol.epoch.EpochFile;
import io.perigee.protocol.epoch.EpochFileFault;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.Finding;
import io.perigee.protocol.epoch.Lines;
import io.perigee.protocol.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Where an epoch's lines come from, and whether they are what was posted. */
final class EpochSource {
    /** Of a million lines, 136 MB, over a slow line. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private final Session session;
    private final Optional<Path> file;
    private final Duration longest;

    /** @param file in place of the hub's */
    EpochSource(Session session, Optional<Path> file) {
        this(session, file, LONGEST);
    }

    /** @param longest how long the hub's file may take */
    EpochSource(Session session, Optional<Path> file, Duration longest) {
        this.session = session;
        this.file = file;
        this.longest = longest;
    }

    /** @throws Refusal when the user's own file cannot be read; whatever else a hub sends than the file is withholding it */
    Checked check(Post post) {
        if (post.accounts().isEmpty() || post.lines() > Lines.MOST) {
            return Checked.Withheld.of(
                    "Expected accounts of at most %d lines, which a file can hold, but they speak of %d"
                            .formatted(Lines.MOST, post.lines()));
        }
        try {
            return compare(post, post.accounts().get(), file.isPresent() ? local(file.get(), post) : ofHub(post));
        } catch (EpochFileFault | ApiException e) {
            return Checked.Withheld.of(String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError _) {
            // what a post says decides how much is held: a settler must not end whoever checks it
            return Checked.Withheld.of(
                    "Expected to hold the %d lines of epoch %s, but they do not fit this program's memory: give it more (-Xmx)"
                            .formatted(post.lines(), post.id()));
        }
    }

    /** No more lines are taken than were posted: fewer may still point at the one that is kept back. */
    private EpochFile ofHub(Post post) {
        return session.client().epochFile(post.id(), (int) post.lines(), longest);
    }

    private static EpochFile local(Path path, Post post) {
        try (var in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            return EpochFile.read(in, (int) post.lines());
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
            return Checked.Withheld.of(
                    "Expected the file of epoch %s, but it is that of %s".formatted(post.id(), file.id()));
        }
        var findings = EpochAudit.findings(file.lines(), post.root(), accounts);
        for (var finding : findings) {
            switch (finding) {
                case Finding.AnotherRoot _, Finding.AnotherCount _ -> {
                    return new Checked.Withheld(finding.sentence(), suspect(findings, accounts));
                }
                case Finding.OutOfOrder _, Finding.WrongDebit _, Finding.CreditTooLow _, Finding.CreditTooHigh _ -> {}
            }
        }
        var ledger = EpochLedger.posted(post.id(), file.lines(), accounts);
        return findings.isEmpty() ? new Checked.True(ledger) : new Checked.False(ledger, findings);
    }

    /** Of a million lines that are right one may be kept back; what the others say of the accounts points at it. */
    private static OptionalLong suspect(List<Finding> findings, Accounts accounts) {
        return findings.stream()
                .mapToLong(finding -> switch (finding) {
                    case Finding.AnotherCount(int posted, int inFile) -> inFile < posted ? inFile : -1;
                    case Finding.WrongDebit(int which, var _, var _) -> lastLine(accounts, which);
                    case Finding.OutOfOrder(int index) -> index < accounts.lines() ? index : -1;
                    case Finding.AnotherRoot _, Finding.CreditTooLow _, Finding.CreditTooHigh _ -> -1;
                })
                .filter(index -> index >= 0)
                .findFirst();
    }

    private static long lastLine(Accounts accounts, int which) {
        return accounts.debits().stream()
                        .limit(which + 1L)
                        .mapToLong(debit -> debit.lines())
                        .sum()
                - 1;
    }
}
