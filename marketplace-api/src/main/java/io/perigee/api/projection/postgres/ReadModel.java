package io.perigee.api.projection.postgres;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.projection.Story;
import io.perigee.eventlog.RecordHandler;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.AccountFact;
import io.perigee.protocol.fact.AllotmentChanged;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CancelNoted;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.EpochChanged;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.ProviderRegistered;
import io.perigee.protocol.fact.RecordFact;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultDisputed;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.fact.SessionKeyRevoked;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.fact.VerdictRefused;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.fact.VerdictSigned;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.Outcome;
import jakarta.inject.Singleton;
import java.util.List;

/** Applies each fact to the tables in the transaction that notes it as seen. */
@Singleton
public final class ReadModel implements RecordHandler {
    private final HubFacts hub;
    private final SpecsByHash specs = new SpecsByHash();

    ReadModel(HubFacts hub) {
        this.hub = hub;
    }

    @Override
    public void handle(Tx tx, Envelope envelope) {
        if (shares(envelope)) {
            handle(tx, List.of(envelope));
        } else if (envelope.body() instanceof AccountFact fact) {
            account(tx, fact);
        }
    }

    @Override
    public boolean shares(Envelope envelope) {
        return envelope.body() instanceof JobFact || envelope.body() instanceof RecordFact;
    }

    @Override
    public void handle(Tx tx, List<Envelope> envelopes) {
        jobs(
                tx,
                envelopes.stream()
                        .filter(each -> each.body() instanceof JobFact)
                        .toList());
        for (var envelope : envelopes) {
            if (envelope.body() instanceof RecordFact fact) {
                RecordRows.noted(tx, fact);
            }
        }
    }

    private void jobs(Tx tx, List<Envelope> envelopes) {
        var shared = new SharedRows(tx, new AttemptRows(hub.domain(), specs));
        var grants = new Grants();
        shared.lock(envelopes.stream().map(ReadModel::job).toList());
        for (var envelope : envelopes) {
            if (envelope.body() instanceof JobSubmitted submitted && !shared.isThere(submitted.jobId())) {
                rows(tx, envelope, grants, shared).submitted(submitted);
                shared.stored(submitted.jobId());
            }
        }
        shared.attempts()
                .read(
                        tx,
                        envelopes.stream()
                                .filter(envelope -> envelope.body() instanceof JobAssigned)
                                .map(ReadModel::job)
                                .toList());
        envelopes.forEach(envelope -> apply(tx, envelope, grants, shared));
        shared.write();
        grants.write(tx);
    }

    private static JobId job(Envelope envelope) {
        return ((JobFact) envelope.body()).jobId();
    }

    private JobRows rows(Tx tx, Envelope envelope, Grants grants, SharedRows shared) {
        return new JobRows(tx, job(envelope), envelope.at(), hub.domain(), grants, shared);
    }

    private void account(Tx tx, AccountFact fact) {
        switch (fact) {
            case AllotmentChanged f ->
                tx.execute(
                        """
              insert into allotment (builder, hub, token, total, reserved, available, block)
              values ($1, $2, $3, $4, $5, $6, $7)
              on conflict (builder, hub, token) do update
              set total = excluded.total, reserved = excluded.reserved, available = excluded.available, block = excluded.block
              """,
                        f.builder().value(),
                        f.hub().value(),
                        f.token().value(),
                        f.total().value(),
                        f.reserved().value(),
                        f.available().value(),
                        f.block());
            case StakeChanged f -> tx.execute("""
              insert into stake (owner, amount, block) values ($1, $2, $3)
              on conflict (owner) do update set amount = excluded.amount, block = excluded.block
              """, f.owner().value(), f.stake().value(), f.block());
            case EpochChanged f -> EpochRows.changed(tx, f);
            case ProviderRegistered _, SessionKeyRevoked _ -> {}
        }
    }

    private void apply(Tx tx, Envelope envelope, Grants grants, SharedRows shared) {
        var fact = (JobFact) envelope.body();
        shared.event(envelope, fact, Story.words(fact, hub.domain()), attempt(fact));
        if (!isShared(fact)) {
            shared.write();
        }
        apply(rows(tx, envelope, grants, shared), fact);
    }

    /** Whether all that the fact changes is gathered: most facts are of these kinds. */
    private static boolean isShared(JobFact fact) {
        return fact instanceof JobSubmitted
                || fact instanceof JobFunded
                || fact instanceof JobAssigned
                || fact instanceof AttemptStarted;
    }

    private static void apply(JobRows rows, JobFact fact) {
        switch (fact) {
            case JobSubmitted _ -> {}
            case JobFunded f -> rows.funded(f);
            case FundingRefused f -> rows.note(f.detail());
            case JobQueued _ -> rows.queued();
            case JobAssigned f -> rows.assigned(f);
            case AttemptStarted f -> rows.started(f);
            case ResultCommitted f -> rows.committed(f);
            case RevealRequested f -> rows.requests().reveal(f);
            case ResultRevealed f -> rows.revealed(f);
            case SegmentsDrawn _ -> {}
            case CheckpointRequested f -> rows.requests().checkpoint(f);
            case CheckpointServed f -> rows.requests().checkpointServed(f);
            case VerdictRequested f -> rows.requests().verdict(f);
            case VerdictSigned f -> rows.requests().verdictGiven(f.attempt());
            case VerdictRefused f -> rows.requests().verdictGiven(f.attempt());
            case RunGivenUp f -> rows.givenUp(f);
            case PartAccepted f -> rows.part(f);
            case AttemptEnded f -> rows.ended(f);
            case ResultDisputed _ -> rows.state(JobState.DISPUTED);
            case JobReopened _ -> rows.state(JobState.ACTIVE);
            case ResultAccepted f -> rows.decided(Outcome.ACCEPTED, null, null, f.payable());
            case JobFailed f -> rows.decided(Outcome.FAILED, f.cause(), f.detail(), f.payable());
            case JobCancelled f ->
                rows.decided(
                        Outcome.CANCELLED,
                        io.perigee.protocol.fact.Cause.CANCELLED,
                        "cancelled by " + f.by(),
                        f.payable());
            case JobExpired f ->
                rows.decided(Outcome.EXPIRED, null, "a deadline passed while " + f.state(), f.payable());
            case CancelNoted _, CommandRejected _ -> {}
            case SettlementSent f -> rows.payment().transaction(f.txHash());
            case CreditsReserved f -> rows.payment().creditsReserved(f);
            case EpochJoined f -> rows.payment().epoch(f.epoch(), null, f.finalAt());
            case EpochPosted f -> {
                rows.payment().transaction(f.txHash());
                rows.payment().epoch(f.epoch(), f.txHash(), f.finalAt());
            }
            case EpochLeft _ -> rows.payment().noEpoch();
            case JobSettled f -> rows.payment().settled(f);
        }
    }

    private static @org.jspecify.annotations.Nullable Integer attempt(JobFact fact) {
        return switch (fact) {
            case JobAssigned f -> f.attempt();
            case AttemptStarted f -> f.attempt();
            case ResultCommitted f -> f.attempt();
            case RevealRequested f -> f.attempt();
            case ResultRevealed f -> f.attempt();
            case SegmentsDrawn f -> f.attempt();
            case CheckpointRequested f -> f.attempt();
            case CheckpointServed f -> f.attempt();
            case VerdictRequested f -> f.attempt();
            case VerdictSigned f -> f.attempt();
            case VerdictRefused f -> f.attempt();
            case RunGivenUp f -> f.attempt();
            case PartAccepted f -> f.attempt();
            case AttemptEnded f -> f.attempt();
            case JobSubmitted _,
                    JobFunded _,
                    FundingRefused _,
                    JobQueued _,
                    ResultDisputed _,
                    JobReopened _,
                    CancelNoted _,
                    ResultAccepted _,
                    JobFailed _,
                    JobCancelled _,
                    JobExpired _,
                    CommandRejected _,
                    SettlementSent _,
                    CreditsReserved _,
                    EpochJoined _,
                    EpochPosted _,
                    EpochLeft _,
                    JobSettled _ -> null;
        };
    }
}
