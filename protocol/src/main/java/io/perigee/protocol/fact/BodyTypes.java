package io.perigee.protocol.fact;

import io.perigee.protocol.command.AcceptAssignment;
import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.command.DeclineAssignment;
import io.perigee.protocol.command.RefuseVerdict;
import io.perigee.protocol.command.ReportCommitment;
import io.perigee.protocol.command.ReportFailure;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.command.ServeCheckpoint;
import io.perigee.protocol.command.SignVerdict;
import io.perigee.protocol.error.InvalidValue;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The names of facts and commands on the log: an explicit list, so that renaming a class changes no wire format. */
public final class BodyTypes {
    private static final Map<String, Class<? extends Body>> CLASSES = Map.ofEntries(
            Map.entry("AllotmentChanged", AllotmentChanged.class),
            Map.entry("AttemptEnded", AttemptEnded.class),
            Map.entry("AttemptStarted", AttemptStarted.class),
            Map.entry("CancelNoted", CancelNoted.class),
            Map.entry("CheckpointRequested", CheckpointRequested.class),
            Map.entry("CheckpointServed", CheckpointServed.class),
            Map.entry("CommandRejected", CommandRejected.class),
            Map.entry("CreditsReserved", CreditsReserved.class),
            Map.entry("EpochChanged", EpochChanged.class),
            Map.entry("EpochJoined", EpochJoined.class),
            Map.entry("EpochLeft", EpochLeft.class),
            Map.entry("EpochPosted", EpochPosted.class),
            Map.entry("FundingRefused", FundingRefused.class),
            Map.entry("JobAssigned", JobAssigned.class),
            Map.entry("JobCancelled", JobCancelled.class),
            Map.entry("JobExpired", JobExpired.class),
            Map.entry("JobFailed", JobFailed.class),
            Map.entry("JobFunded", JobFunded.class),
            Map.entry("JobQueued", JobQueued.class),
            Map.entry("JobReopened", JobReopened.class),
            Map.entry("JobSettled", JobSettled.class),
            Map.entry("JobSubmitted", JobSubmitted.class),
            Map.entry("OrderOutcomeNoted", OrderOutcomeNoted.class),
            Map.entry("OutcomeNoted", OutcomeNoted.class),
            Map.entry("PairsCounted", PairsCounted.class),
            Map.entry("PartAccepted", PartAccepted.class),
            Map.entry("ProviderOffline", ProviderOffline.class),
            Map.entry("ProviderOnline", ProviderOnline.class),
            Map.entry("ProviderRegistered", ProviderRegistered.class),
            Map.entry("ResultAccepted", ResultAccepted.class),
            Map.entry("ResultCommitted", ResultCommitted.class),
            Map.entry("ResultDisputed", ResultDisputed.class),
            Map.entry("ResultRevealed", ResultRevealed.class),
            Map.entry("RevealRequested", RevealRequested.class),
            Map.entry("RunGivenUp", RunGivenUp.class),
            Map.entry("SegmentsDrawn", SegmentsDrawn.class),
            Map.entry("SessionKeyRevoked", SessionKeyRevoked.class),
            Map.entry("SettlementSent", SettlementSent.class),
            Map.entry("StakeChanged", StakeChanged.class),
            Map.entry("VerdictRefused", VerdictRefused.class),
            Map.entry("VerdictRequested", VerdictRequested.class),
            Map.entry("VerdictSigned", VerdictSigned.class),
            Map.entry("AcceptAssignment", AcceptAssignment.class),
            Map.entry("CancelJob", CancelJob.class),
            Map.entry("DeclineAssignment", DeclineAssignment.class),
            Map.entry("RefuseVerdict", RefuseVerdict.class),
            Map.entry("ReportCommitment", ReportCommitment.class),
            Map.entry("ReportFailure", ReportFailure.class),
            Map.entry("RevealResult", RevealResult.class),
            Map.entry("ServeCheckpoint", ServeCheckpoint.class),
            Map.entry("SignVerdict", SignVerdict.class));
    private static final Map<Class<? extends Body>, String> NAMES =
            CLASSES.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private BodyTypes() {}

    /** @throws InvalidValue when no fact or command has this name */
    public static Class<? extends Body> classOf(String name) {
        var type = CLASSES.get(name);
        if (type == null) {
            throw InvalidValue.reading("a fact or command", name, "there is none of that name");
        }
        return type;
    }

    public static String nameOf(Class<? extends Body> type) {
        var name = NAMES.get(type);
        if (name == null) {
            throw new IllegalArgumentException(
                    "Expected to name " + type.getSimpleName() + ", but it is not registered");
        }
        return name;
    }

    public static Set<String> names() {
        return CLASSES.keySet();
    }
}
