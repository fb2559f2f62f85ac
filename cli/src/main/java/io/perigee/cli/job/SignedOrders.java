package io.perigee.cli.job;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.rest.Quote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Signs orders, and keeps by the job's id what was signed: a hub can show a sound proof of another order, and only who signed
 * knows which one is meant.
 */
final class SignedOrders {
    private final Session session;
    private final Path directory;

    SignedOrders(Session session) {
        this.session = session;
        this.directory = session.configuration().home().resolve("orders");
    }

    /** Kept before anybody else has the signature. */
    Signature sign(Quote quote) {
        var order = quote.order();
        var hash = order.digest(session.domain());
        if (kept(order.jobId()).filter(before -> !before.equals(hash)).isPresent()) {
            throw new Refusal(
                    ErrorCode.REPLAYED_ORDER,
                    "Expected the hub to quote a new job, but an order for job '%s' was signed before; nothing was signed"
                            .formatted(order.jobId()),
                    "Submit again; if it happens again, do not use this hub");
        }
        var signature = session.builder().sign(quote, session.wallet());
        keep(order.jobId(), hash);
        return signature;
    }

    /** The hash of the order that was signed here for a job; empty when it was signed elsewhere, or by an earlier version. */
    Optional<Digest> kept(JobId job) {
        var file = file(job);
        try {
            return Files.exists(file)
                    ? Optional.of(Digest.parse(Files.readString(file).strip()))
                    : Optional.empty();
        } catch (IOException | InvalidValue e) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected the hash of a signed order in '%s', but %s".formatted(file, e.getMessage()),
                    "Put it right from a copy, or delete it and name the order with 'perigee verify --order'");
        }
    }

    /** What a home that cannot be written does not keep can still be named. */
    private void keep(JobId job, Digest hash) {
        try {
            Files.createDirectories(directory);
            Files.writeString(file(job), hash + "\n");
        } catch (IOException e) {
            session.terminal()
                    .err()
                    .println("  could not write %s: %s; the order is %s".formatted(file(job), e.getMessage(), hash));
        }
    }

    private Path file(JobId job) {
        return directory.resolve(job.toString());
    }
}
