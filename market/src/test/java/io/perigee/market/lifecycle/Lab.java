package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.MarketPolicy;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.command.Command;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.BundleVerifier;
import io.perigee.protocol.result.Check;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Drives one job through the rules and writes down every move it makes. */
final class Lab {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final JobId ID = new JobId(UUID.fromString("01890000-0000-7000-8000-000000000001"));
    static final MarketPolicy POLICY = MarketPolicy.standard(60, 86_400);
    static final long HEAD = 100;
    private static final long LATE_ROUNDS = 64;

    final MarketPolicy policy;
    final Set<Moves.Move> moves = new LinkedHashSet<>();
    final Set<Moves.AttemptMove> attemptMoves = new LinkedHashSet<>();
    final List<JobFact> facts = new ArrayList<>();
    final List<Decided> decisions = new ArrayList<>();
    final Map<Integer, SampleRun> runs = new HashMap<>();
    Instant now = START;
    long head = HEAD;
    HubSecrets secrets = Lab::secret;
    /** Of the runs of a trainer's job. */
    Digest numericClass = NumericClass.STRICT;

    Job job;
    Decision last;

    private final HubSigner signer;

    /** What one input made of a job that was there already. */
    record Decided(Job before, Job after, List<JobFact> facts, Instant at) {}

    Lab() {
        this(POLICY);
    }

    Lab(MarketPolicy policy) {
        this(policy, (message, domain) -> Parties.HUB.sign(message.digest(domain)));
    }

    Lab(MarketPolicy policy, HubSigner signer) {
        this.policy = policy;
        this.signer = signer;
    }

    Context context() {
        return new Context(now, policy, Parties.DOMAIN, Parties.HUB.address(), signer, secrets, head);
    }

    /** Is shown the lab after every input. */
    Consumer<Lab> watcher = _ -> {};

    Decision input(JobInput input) {
        last = Lifecycle.decide(job, input, context());
        if (last instanceof Decision.Accepted(List<JobFact> accepted)) {
            var before = job;
            accepted.forEach(this::apply);
            if (before != null) {
                decisions.add(new Decided(before, job, accepted, now));
            }
        }
        if (job != null) {
            watcher.accept(this);
        }
        return last;
    }

    private void apply(JobFact fact) {
        var before = Optional.ofNullable(job).map(known -> known.state().phase());
        var attempts = job == null ? List.<Attempt>of() : job.attempts();
        job = Job.apply(job, fact, now);
        facts.add(fact);
        var after = job.state().phase();
        moves.addAll(Moves.job().stream()
                .filter(move -> move.from().equals(before) && move.fact() == fact.getClass() && move.to() == after)
                .toList());
        attemptOf(fact).ifPresent(number -> {
            Optional<AttemptState> from = number < attempts.size()
                    ? Optional.of(attempts.get(number).status().state())
                    : Optional.empty();
            var to = job.attempt(number).status().state();
            attemptMoves.addAll(Moves.attempt().stream()
                    .filter(move -> move.from().equals(from) && move.fact() == fact.getClass() && move.to() == to)
                    .toList());
        });
    }

    private static Optional<Integer> attemptOf(JobFact fact) {
        return switch (fact) {
            case JobAssigned assigned -> Optional.of(assigned.attempt());
            case AttemptStarted started -> Optional.of(started.attempt());
            case ResultCommitted committed -> Optional.of(committed.attempt());
            case ResultRevealed revealed -> Optional.of(revealed.attempt());
            case RunGivenUp givenUp -> Optional.of(givenUp.attempt());
            case AttemptEnded ended -> Optional.of(ended.attempt());
            default -> Optional.empty();
        };
    }

    // ---- inputs

    Lab submit(JobSpec spec) {
        var order = SampleJobs.order(ID, spec, now, Pricing.orderSeconds(spec, policy));
        input(new JobInput.Observed(SampleJobs.submitted(order, spec)));
        return this;
    }

    Lab funded(JobSpec spec) {
        submit(spec);
        input(new JobInput.Observed(new JobFunded(ID, spec.price().max(), 1)));
        return this;
    }

    /** Submitted, funded and placed on these providers. */
    Lab placed(JobSpec spec, String... providers) {
        funded(spec);
        return place(providers);
    }

    Lab place(String... providers) {
        return place(Arrays.stream(providers).map(SampleProvider::of).toArray(SampleProvider[]::new));
    }

    Lab place(SampleProvider... providers) {
        int first = job.attempts().size();
        input(new JobInput.Placements(
                Arrays.stream(providers).map(this::placement).toList()));
        for (int i = 0; i < providers.length && last instanceof Decision.Accepted; i++) {
            honest(first + i, providers[i]);
        }
        return this;
    }

    Placement placement(SampleProvider provider) {
        var trained = !job.spec().trainer().isEmpty();
        return new Placement(
                provider.id(),
                provider.address(),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                Pricing.attempt(job.spec(), provider.offer()),
                trained ? numericClass : Digest.ZERO);
    }

    private void honest(int attempt, SampleProvider provider) {
        var work = assigned(attempt);
        runs.put(
                attempt,
                work.assignment().role() == Role.AUDITOR
                        ? SampleRun.auditing(provider, work, job.lastBorder())
                        : SampleRun.honest(provider, work, job.order().segments() > 0));
    }

    /** Of every attempt another, and always the same. */
    static Digest secret(Digest orderHash, int attempt) {
        return Parties.digest("secret " + orderHash + attempt);
    }

    /** From now on this attempt forges a part of its work. */
    Lab forges(int attempt, int fromBorder, int toBorder) {
        runs.put(attempt, runs.get(attempt).lying(fromBorder, toBorder, "forged"));
        return this;
    }

    /** The block that the run's receipt names is confirmed; its provider has so many verified jobs. */
    Lab drawn(int verifiedJobs) {
        job.awaitedBlock()
                .ifPresent(block ->
                        input(new JobInput.DrawBlockKnown(block, Parties.digest("block " + block), verifiedJobs)));
        return this;
    }

    /** Serves every checkpoint that is asked for. */
    Lab serves() {
        List.copyOf(facts).stream()
                .filter(CheckpointRequested.class::isInstance)
                .map(CheckpointRequested.class::cast)
                .filter(asked -> !job.attempt(asked.attempt()).ended())
                .forEach(
                        asked -> says(asked.attempt(), runs.get(asked.attempt()).serve(asked.border())));
        return this;
    }

    /** Every auditor that was asked and has not signed signs. */
    Lab sign() {
        List.copyOf(facts).stream()
                .filter(VerdictRequested.class::isInstance)
                .map(VerdictRequested.class::cast)
                .filter(asked -> !job.attempt(asked.attempt()).ended())
                .forEach(
                        asked -> says(asked.attempt(), runs.get(asked.attempt()).sign(asked)));
        return this;
    }

    /** From now on this attempt forges everything from a border on. */
    Lab lies(int attempt, int fromBorder, String flavour) {
        runs.put(attempt, runs.get(attempt).lying(fromBorder, SampleRun.HONEST, flavour));
        return this;
    }

    /** The checkpoint that an attempt was told to begin from. */
    @Nullable
    ContentId resumeFrom(int attempt) {
        return assigned(attempt).resumeFrom();
    }

    private JobAssigned assigned(int attempt) {
        return facts.stream()
                .filter(fact -> fact instanceof JobAssigned assigned && assigned.attempt() == attempt)
                .map(JobAssigned.class::cast)
                .findFirst()
                .orElseThrow();
    }

    Decision says(int attempt, Command command) {
        return ask(runs.get(attempt).provider().id().value(), command);
    }

    Decision ask(String source, Command command) {
        return input(new JobInput.Asked(UUID.nameUUIDFromBytes(new byte[] {1}), source, command));
    }

    Lab accept(int... attempts) {
        Arrays.stream(attempts)
                .forEach(attempt -> says(attempt, runs.get(attempt).accept()));
        return this;
    }

    Lab commit(int attempt, int border) {
        says(attempt, runs.get(attempt).commit(border));
        return this;
    }

    Lab reveal(int attempt, int border) {
        says(attempt, runs.get(attempt).reveal(border));
        return this;
    }

    /** Seals a border, and opens it in passing. */
    Lab pass(int attempt, int border) {
        commit(attempt, border);
        says(attempt, runs.get(attempt).pass(border));
        return this;
    }

    /** Takes, seals everything, opens. */
    Lab completes(int... attempts) {
        for (int attempt : attempts) {
            accept(attempt);
            commit(attempt, runs.get(attempt).lastBorder());
            reveal(attempt, runs.get(attempt).lastBorder());
        }
        return this;
    }

    Lab gone(int attempt) {
        input(new JobInput.ProviderGone(runs.get(attempt).provider().id(), "missed 3 heartbeats"));
        return this;
    }

    /** The owner revoked the attempt's session key, so many seconds after it was assigned. */
    Lab revoked(int attempt, long later) {
        var assignment = runs.get(attempt).assigned().assignment();
        int serial = runs.get(attempt).assigned().sessionKey().serial();
        input(new JobInput.KeyRevoked(assignment.provider(), serial, assignment.issuedAt() + later));
        return this;
    }

    Lab nobody(String... constraints) {
        input(new JobInput.NoPlacement(Arrays.stream(constraints)
                .map(constraint -> new NoMatchReason(constraint, 1, "test"))
                .toList()));
        return this;
    }

    Decision cancel() {
        var builder = Parties.BUILDER.address();
        return ask(builder.value(), new CancelJob(ID, builder));
    }

    Lab wait(Duration time) {
        now = now.plus(time);
        input(new JobInput.TimePassed());
        return this;
    }

    /** To the next deadline, exactly. */
    Lab due() {
        now = job.nextDeadline(policy).orElseThrow();
        input(new JobInput.TimePassed());
        return this;
    }

    /** Until the scheduler owns it no more; nobody says anything. */
    Lab untilDecided() {
        for (int i = 0; i < LATE_ROUNDS && job.nextDeadline(policy).isPresent(); i++) {
            due();
        }
        return this;
    }

    Lab settled() {
        input(new JobInput.Observed(new CreditsReserved(ID, "0x01", 2, 100, List.of(), now)));
        input(new JobInput.Observed(new JobSettled(ID, List.of("0x01"), 100, List.of(), Amount.ZERO, List.of())));
        return this;
    }

    // ---- looks

    Phase phase() {
        return job.state().phase();
    }

    AttemptState attempt(int number) {
        return job.attempt(number).status().state();
    }

    Payable payable() {
        return ((State.Decided) job.state()).payable();
    }

    Outcome outcome() {
        return ((State.Decided) job.state()).outcome();
    }

    <T extends JobFact> T only(Class<T> type) {
        var found = facts.stream().filter(type::isInstance).map(type::cast).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    /** Who is paid; what proves it must convince anybody, with the hub gone. */
    List<Integer> winners() {
        var bundle = new Bundle(
                Bundle.VERSION,
                Parties.DOMAIN,
                job.spec(),
                job.order(),
                job.orderSignature(),
                outcome().name().toLowerCase(Locale.ROOT),
                payable(),
                List.of());
        assertThat(BundleVerifier.verify(bundle)).allMatch(Check::ok);
        return payable().winners().stream()
                .map(run -> run.assignment().attempt())
                .toList();
    }

    List<Integer> contradictors() {
        return payable().contradictors().stream()
                .map(run -> run.assignment().attempt())
                .toList();
    }

    void refused(ErrorCode code) {
        assertThat(last).isInstanceOf(Decision.Rejected.class);
        var rejected = (Decision.Rejected) last;
        assertThat(rejected.code()).as(rejected.detail()).isEqualTo(code);
        assertThat(rejected.detail()).startsWith("Expected").contains(", but ");
    }
}
