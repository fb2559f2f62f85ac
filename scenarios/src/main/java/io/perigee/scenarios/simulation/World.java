package io.perigee.scenarios.simulation;

import io.perigee.market.reputation.Outcome;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.message.JobOrder;
import io.perigee.scenarios.simulation.adversary.Strategies;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A whole market for a while. The same setting gives the same events, and the same hash of them. */
public final class World {
    private static final double LOAD = 0.3;
    private static final int START = 1_000_000;
    private static final int RECORD_OF_THE_KNOWN = 12;
    private static final long LEAST_PRICE = 900_000;
    private static final int SPREAD = 100_000;
    private static final int OWNERS_A_BUILDER = 4;
    private static final int DAY = 86_400;

    private final Setting setting;
    private final Consumer<String> trace;
    private final SplittableRandom random;
    private final Tally tally = new Tally();
    private final List<Owner> owners = new ArrayList<>();
    private final List<Job> jobs = new ArrayList<>();
    private final Calendar calendar;
    private final Hub hub;

    World(Setting setting, Consumer<String> trace) {
        this.setting = setting;
        this.trace = trace;
        this.random = new SplittableRandom(setting.seed());
        this.calendar = new Calendar(random.split(), setting.doubled());
        settle();
        var classOfAuditors = setting.acrossClasses() ? Market.AUDITORS_CLASS : Market.PROVIDERS_CLASS;
        var placing = new Placing(setting, owners, classOfAuditors);
        var till = new Till(setting, tally);
        var judgement = new Judgement(setting, calendar, owners, new Courtroom(placing, tally), till);
        var hearing = new Hearing(judgement, till, tally);
        var machines = new Machines(setting, calendar, random.split(), tally);
        var auditors = new Auditors(setting, random.split());
        var retries = new Retries(calendar);
        var audits = new Audits(setting, calendar, placing, machines, auditors, retries, judgement, hearing, tally);
        this.hub = new Hub(
                jobs, calendar, new Chain(setting.seed()), placing, machines, audits, retries, judgement, tally);
        order();
    }

    /** Lives one world to its end. */
    public static Tally live(Setting setting) {
        return live(setting, line -> {});
    }

    /** The same, and tells every event as it happens. */
    public static Tally live(Setting setting, Consumer<String> trace) {
        return new World(setting, trace).toTheEnd();
    }

    List<Job> jobs() {
        return jobs;
    }

    Tally toTheEnd() {
        var hash = Sha256.digester();
        while (!calendar.isEmpty()) {
            var event = calendar.next();
            hub.on(event);
            var line = calendar.now() + " " + event;
            trace.accept(line);
            hash.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        tally.jobs = jobs.size();
        var runs = jobs.stream()
                .flatMap(job -> job.attempts.stream())
                .filter(attempt -> !attempt.audits())
                .toList();
        tally.runs = runs.size();
        tally.runsOfThieves = runs.stream().filter(run -> !run.owner.honest()).count();
        tally.end = owners.stream().map(Owner::state).collect(Collectors.joining("\n", "", "\n")) + tally.words();
        hash.update(tally.end.getBytes(StandardCharsets.UTF_8));
        tally.hashes.add(HexFormat.of().formatHex(hash.digest()));
        return tally;
    }

    /** Owners come with a record or without; thieves ask least, since they do least, or most, to be free to audit. */
    private void settle() {
        long thieves = setting.strategy().isOfProviders() ? Math.round(setting.share() * setting.owners()) : 0;
        for (int i = 0; i < setting.owners(); i++) {
            boolean thief = i < thieves;
            long price = LEAST_PRICE + (thief ? i % SPREAD : SPREAD / 10 + random.nextInt(SPREAD));
            if (thief && setting.strategy().waits(i)) {
                price = Placing.CEILING.value().longValueExact();
            }
            long asked = thief && setting.thievesAsk() > 0 ? setting.thievesAsk() : price;
            boolean audits = setting.acrossClasses() && i % 2 == 1;
            var owner = new Owner(
                    i,
                    Market.key("owner " + i),
                    Market.offer(asked, audits ? Market.AUDITORS_CLASS : Market.PROVIDERS_CLASS),
                    thief ? setting.strategy() : Strategies.HONEST,
                    Life.of(random, START, START + Math.round(ordered(setting.owners() * setting.jobs())) + DAY),
                    0.8 + 0.4 * random.nextDouble(),
                    Amount.of(price),
                    setting.sanctions());
            if (i % 4 < 2) {
                known(owner);
            }
            owners.add(owner);
        }
        tally.identities = thieves;
    }

    private static void known(Owner owner) {
        var job = new JobId(Uuid7.of(Instant.EPOCH, new byte[Uuid7.RANDOM_BYTES]));
        var now = Instant.ofEpochSecond(START);
        owner.learned(
                IntStream.range(0, RECORD_OF_THE_KNOWN)
                        .mapToObj(i -> new Outcome(job, i, OutcomeKind.VERIFIED, now))
                        .toList(),
                now);
    }

    /** Seconds from the beginning until so many jobs are ordered. */
    private double ordered(int count) {
        return (double) count * Setting.SEGMENT_SECONDS * Setting.SEGMENTS / (LOAD * setting.owners());
    }

    private void order() {
        var builders = builders();
        for (int i = 0; i < setting.owners() * setting.jobs(); i++) {
            long at = START + Math.round(ordered(i));
            jobs.add(job(i, at, builders.get(i % builders.size())));
            calendar.send(at, new Event.Submitted(i));
        }
    }

    private List<Builder> builders() {
        int count = Math.ceilDiv(setting.owners(), OWNERS_A_BUILDER);
        boolean ofBuilders = setting.is(Strategies.NEVER_ENDING) || setting.is(Strategies.REFUSING);
        long playing = ofBuilders ? Math.max(1, Math.round(setting.share() * count)) : 0;
        return IntStream.range(0, count)
                .mapToObj(i -> new Builder(i, i < playing))
                .toList();
    }

    private Job job(int number, long at, Builder builder) {
        var bytes = new byte[Uuid7.RANDOM_BYTES];
        random.nextBytes(bytes);
        var id = new JobId(Uuid7.of(Instant.ofEpochSecond(at), bytes));
        var order = new JobOrder(
                builder.address,
                Market.HUB,
                id,
                Market.SPEC_HASH,
                Market.TOKEN,
                Market.SPEC.price().max(),
                Setting.SEGMENTS,
                Setting.QUORUM,
                false,
                at,
                at + 5 * DAY);
        boolean ends = !(setting.is(Strategies.NEVER_ENDING) && builder.plays);
        return new Job(number, id, builder, order, order.digest(Market.DOMAIN), ends);
    }
}
