package io.perigee.scheduler.placing;

import io.perigee.eventlog.DeadReason;
import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.Unprocessable;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.JobInput;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.fact.ProviderFact;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.fact.ProviderRegistered;
import io.perigee.protocol.fact.SessionKeyRevoked;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Domain;
import io.perigee.scheduler.job.JobBook;
import io.perigee.scheduler.job.JobDesk;
import io.perigee.scheduler.job.StoredJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the table of providers, and tells their jobs when one is gone. */
public final class ProviderDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderDesk.class);

    private final OfferBook offers;
    private final JobBook book;
    private final JobDesk jobs;
    private final Domain domain;
    private final Address hub;

    public ProviderDesk(OfferBook offers, JobBook book, JobDesk jobs, Domain domain, Address hub) {
        this.offers = offers;
        this.book = book;
        this.jobs = jobs;
        this.domain = domain;
        this.hub = hub;
    }

    public void fact(Tx tx, ProviderFact fact, Instant at) {
        switch (fact) {
            case ProviderOnline online -> online(tx, online, at);
            case ProviderOffline offline -> offline(tx, offline, at);
        }
    }

    public void stake(Tx tx, StakeChanged stake) {
        offers.stake(tx, stake.owner(), stake.stake(), stake.block());
    }

    public void registered(Tx tx, ProviderRegistered fact) {
        offers.registered(tx, fact.provider(), fact.owner());
    }

    /** No new work from now on; of the work it has, only what was assigned after the revocation is of no use. */
    public void revoked(Tx tx, SessionKeyRevoked fact) {
        var open = book.openJobsOf(tx, fact.provider());
        var held = lock(tx, open);
        offers.revoked(tx, fact.provider(), fact.serial(), Instant.ofEpochSecond(fact.revokedAt()));
        if (!open.containsAll(book.openJobsOf(tx, fact.provider()))) {
            // to lock it now would be to lock jobs after offers, which nobody else does
            throw new TryLater("Provider '%s' got a job while its key was being revoked".formatted(fact.provider()));
        }
        tell(tx, held, new JobInput.KeyRevoked(fact.provider(), fact.serial(), fact.revokedAt()));
        LOG.atInfo()
                .addKeyValue("providerId", fact.provider())
                .addKeyValue("serial", fact.serial())
                .addKeyValue("jobs", held.size())
                .log("session key revoked");
    }

    private void online(Tx tx, ProviderOnline online, Instant at) {
        var key = online.sessionKey();
        if (!key.owner().equals(online.owner())
                || !key.provider().equals(online.provider())
                || !key.hub().equals(hub)) {
            throw refused("Expected provider '%s' to show its own session key for this hub, but it is another", online);
        }
        if (!Signatures.isBy(online.owner(), key.digest(domain), online.ownerSignature())) {
            throw refused("Expected the session key of provider '%s' to be signed by its owner, but it is not", online);
        }
        // the chain binds an id to one owner for ever; whoever came first with a signature of that owner keeps it here
        offers.owner(tx, online.provider())
                .filter(known -> !known.equals(online.owner()))
                .ifPresent(_ -> {
                    throw refused(
                            "Expected provider '%s' to have the owner it had before, but it names another", online);
                });
        offers.online(tx, online, at);
        LOG.atInfo()
                .addKeyValue("providerId", online.provider())
                .addKeyValue("slots", online.offer().slots())
                .log("provider online");
    }

    private void offline(Tx tx, ProviderOffline offline, Instant at) {
        offers.offline(tx, offline.provider(), at);
        var held = lock(tx, book.openJobsOf(tx, offline.provider()));
        tell(tx, held, new JobInput.ProviderGone(offline.provider(), offline.reason()));
        LOG.atInfo()
                .addKeyValue("providerId", offline.provider())
                .addKeyValue("reason", offline.reason())
                .addKeyValue("jobs", held.size())
                .log("provider offline");
    }

    /**
     * All locks first and in order of id: two providers that leave together may share jobs. One that cannot be read keeps
     * neither its provider nor the provider's other jobs from hearing of it.
     */
    private List<StoredJob> lock(Tx tx, List<JobId> ids) {
        var held = new ArrayList<StoredJob>();
        for (var id : ids) {
            evenIfOneCannot(id, () -> book.lock(tx, id).ifPresent(held::add));
        }
        return held;
    }

    private void tell(Tx tx, List<StoredJob> held, JobInput input) {
        for (var stored : held) {
            var job = Objects.requireNonNull(stored.job());
            evenIfOneCannot(job.id(), () -> jobs.decide(tx, stored, input, List.of()));
        }
    }

    private static void evenIfOneCannot(JobId id, Runnable work) {
        try {
            work.run();
        } catch (TryLater away) {
            throw away;
        } catch (RuntimeException fault) {
            LOG.atError().addKeyValue("jobId", id).setCause(fault).log("job does not hear of its provider");
        }
    }

    private static Unprocessable refused(String detail, ProviderOnline online) {
        return new Unprocessable(DeadReason.REFUSED, detail.formatted(online.provider()));
    }
}
