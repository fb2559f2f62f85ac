package io.perigee.scheduler.job;

import io.perigee.eventlog.DeadReason;
import io.perigee.eventlog.RecordHandler;
import io.perigee.eventlog.Unprocessable;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.JobInput;
import io.perigee.market.lifecycle.Stage;
import io.perigee.protocol.command.Command;
import io.perigee.protocol.fact.AccountFact;
import io.perigee.protocol.fact.AllotmentChanged;
import io.perigee.protocol.fact.Body;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.EpochChanged;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.ProviderFact;
import io.perigee.protocol.fact.ProviderRegistered;
import io.perigee.protocol.fact.RecordFact;
import io.perigee.protocol.fact.SessionKeyRevoked;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.placing.ProviderDesk;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the scheduler does with each record of the log. */
public final class Records implements RecordHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);

    private final JobBook book;
    private final JobDesk jobs;
    private final ProviderDesk providers;
    private final EarlyBook early;
    private final Runnable kept;

    /** @param kept hears that something was kept whose job is not known yet, before the commit */
    public Records(JobBook book, JobDesk jobs, ProviderDesk providers, EarlyBook early, Runnable kept) {
        this.book = book;
        this.jobs = jobs;
        this.providers = providers;
        this.early = early;
        this.kept = kept;
    }

    @Override
    public void handle(Tx tx, Envelope envelope) {
        switch (envelope.body()) {
            case JobFact fact -> fact(tx, envelope, fact);
            case ProviderFact fact -> providers.fact(tx, fact, envelope.at());
            // what this stage said of others: it wrote that down when it said it
            case RecordFact _ -> {}
            case AccountFact fact -> account(tx, envelope, fact);
            case Command command -> command(tx, envelope, command);
            default ->
                throw new Unprocessable(DeadReason.REFUSED, "Expected a fact or a command, but got " + envelope.type());
        }
    }

    /** What a scheduler says, it or another has stored before it was sent. */
    @Override
    public boolean hears(String source) {
        return !source.equals(Stage.SCHEDULER.label());
    }

    @Override
    public boolean shares(Envelope envelope) {
        return envelope.body() instanceof JobFact
                || envelope.body() instanceof RecordFact
                || envelope.body() instanceof Command;
    }

    @Override
    public void handle(Tx tx, List<Envelope> envelopes) {
        book.lockAll(
                tx,
                envelopes.stream()
                        .map(Envelope::body)
                        .flatMap(body -> job(body).stream())
                        .collect(Collectors.toSet()));
        envelopes.forEach(envelope -> handle(tx, envelope));
    }

    /** The job whose lock is taken for it; empty when it changes nothing here. */
    private static Optional<JobId> job(Body body) {
        return switch (body) {
            case JobFact fact when Stage.of(fact) == Stage.SCHEDULER -> Optional.empty();
            case JobFact fact -> Optional.of(fact.jobId());
            case Command command -> Optional.of(command.jobId());
            default -> Optional.empty();
        };
    }

    private void fact(Tx tx, Envelope envelope, JobFact fact) {
        switch (Stage.of(fact)) {
            case SCHEDULER -> {}
            case INTAKE -> {
                if (fact instanceof JobSubmitted submitted) {
                    book.open(tx, fact.jobId(), submitted.order().builder().value(), envelope.trace());
                }
                observe(tx, envelope, fact);
            }
            case SETTLEMENT -> {
                trustSettlement(envelope);
                observe(tx, envelope, fact);
            }
        }
    }

    private void observe(Tx tx, Envelope envelope, JobFact fact) {
        book.lock(tx, fact.jobId())
                .ifPresentOrElse(
                        stored -> jobs.decide(tx, stored, new JobInput.Observed(fact), List.of(envelope)),
                        () -> keep(tx, fact.jobId(), envelope));
    }

    /**
     * A command may overtake the fact that makes its job, because they travel on two topics; where a topic was lost, what
     * another service sends again may, too. Nobody else waits for that.
     */
    private void keep(Tx tx, JobId job, Envelope envelope) {
        early.keep(tx, job, envelope, jobs.now());
        kept.run();
    }

    /** Applies what was kept; where its job is still not known, it never will be. */
    void late(Tx tx, Envelope envelope) {
        switch (envelope.body()) {
            case Command command
            when book.lock(tx, command.jobId()).isEmpty() ->
                jobs.decide(tx, new StoredJob(null, 0, envelope.trace()), asked(envelope, command), List.of());
            case JobFact fact
            when book.lock(tx, fact.jobId()).isEmpty() ->
                LOG.atError()
                        .addKeyValue("jobId", fact.jobId())
                        .addKeyValue("type", envelope.type())
                        .log("the job of a fact was never submitted");
            default -> handle(tx, envelope);
        }
    }

    private void account(Tx tx, Envelope envelope, AccountFact fact) {
        trustSettlement(envelope);
        switch (fact) {
            case StakeChanged stake -> providers.stake(tx, stake);
            case ProviderRegistered registered -> providers.registered(tx, registered);
            case SessionKeyRevoked revoked -> providers.revoked(tx, revoked);
            case AllotmentChanged _, EpochChanged _ -> {}
        }
    }

    private void command(Tx tx, Envelope envelope, Command command) {
        book.lock(tx, command.jobId())
                .ifPresentOrElse(
                        stored -> jobs.decide(tx, stored, asked(envelope, command), List.of()),
                        () -> keep(tx, command.jobId(), envelope));
    }

    private static JobInput asked(Envelope envelope, Command command) {
        return new JobInput.Asked(envelope.id(), envelope.source(), command);
    }

    /** Money is believed from settlement alone. */
    private static void trustSettlement(Envelope envelope) {
        if (!envelope.source().equals(Stage.SETTLEMENT.label())) {
            throw new Unprocessable(
                    DeadReason.REFUSED,
                    "Expected %s from settlement, but it came from '%s'".formatted(envelope.type(), envelope.source()));
        }
    }
}
