package io.perigee.settlement.app;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.perigee.eventlog.OutboxRelay;
import io.perigee.eventlog.Topics;
import io.perigee.eventlog.kafka.LogConsumer;
import io.perigee.eventlog.operations.Operations;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Migrations;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.message.Domain;
import io.perigee.settlement.epoch.EpochTools;
import io.perigee.settlement.epoch.SettlingByEpoch;
import io.perigee.settlement.ethereum.ContractEvents;
import io.perigee.settlement.ethereum.ContractViews;
import io.perigee.settlement.ethereum.EpochCalls;
import io.perigee.settlement.ethereum.EpochStandings;
import io.perigee.settlement.ethereum.EscrowCalls;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.EthereumSender;
import io.perigee.settlement.ethereum.RevertReasons;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.ethereum.SigningWallet;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.intent.FeePolicy;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.IntentWriter;
import io.perigee.settlement.intent.WriterAlarms;
import io.perigee.settlement.intent.WriterLimits;
import io.perigee.settlement.intent.WriterTools;
import io.perigee.settlement.ledger.BookEffects;
import io.perigee.settlement.ledger.Ledger;
import io.perigee.settlement.payout.Payouts;
import io.perigee.settlement.reservation.OrderTerms;
import io.perigee.settlement.reservation.Reservations;
import io.perigee.settlement.watch.ChainWatcher;
import io.perigee.settlement.watch.WatchLimits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The service: consumer, watcher, writer, ledger check and operations endpoint, wired and started. May be made twice in
 * one JVM; nothing is static.
 */
public final class Settlement implements AutoCloseable {
    /** Names the consumer in Kafka and in the inbox; never changes. */
    public static final String GROUP = "settlement";

    private static final int KEPT_BLOCKS = 64;
    private static final int MOST_TROUBLES = 50;
    /** So short a part of the time in which the contract takes something is left unused, however short the window is. */
    private static final int MARGINS_IN_A_WINDOW = 20;

    private final List<AutoCloseable> parts = new ArrayList<>();
    private final Vitals vitals;
    private final Operations operations;

    private Settlement(Settings settings, InstantSource clock) {
        try {
            var config = settings.settlement();
            var escrow = Address.parse(settings.chain().escrow());
            var registry = Address.parse(settings.chain().registry());
            var epochs = Address.parse(settings.chain().epochs());
            var token = Address.parse(settings.chain().token());
            var hub = Address.parse(settings.hub().address());
            var domain = new Domain(settings.chain().id(), escrow);
            var signer = keep(settings.key().open());
            var wallet = new SigningWallet(signer, domain.chainId());

            Migrations.run(settings.databaseSettings(), "classpath:db/migration/settlement");
            var database = keep(new Database(settings.databaseSettings()));
            var rpc = keep(new Rpc(settings.chain().rpcUrl(), config.rpcTimeout()));
            var node = new EthereumNode(rpc);
            var views = new ContractViews(rpc, node, escrow, registry);
            new ChainCheck(node, views).require(settings.chain());

            var facts = new FactLog(clock);
            var terms = new OrderTerms(
                    domain,
                    hub,
                    token,
                    settings.chain().window(),
                    settings.chain().maxOrder());
            var reservations = new Reservations(
                    database, terms, node, views, facts, clock, config.fundingWait(), config.startBlock());
            var payouts = new Payouts(
                    database,
                    domain,
                    settings.chain().window(),
                    new EscrowCalls(rpc, escrow),
                    reservations,
                    node,
                    facts,
                    clock,
                    config.startBlock());
            var byEpoch = new SettlingByEpoch(
                    new EpochTools(
                            database,
                            hub,
                            token,
                            settings.chain().window(),
                            config.epochLines(),
                            new EpochCalls(rpc, epochs),
                            facts,
                            clock,
                            config.startBlock()),
                    new EpochStandings(rpc, node, epochs),
                    node,
                    payouts,
                    reservations);
            var alarms = new WriterAlarms();
            var sender = new EthereumSender(rpc, new RevertReasons(EscrowCalls.errors()));
            var writer = new IntentWriter(new WriterTools(
                    database,
                    node,
                    sender,
                    wallet,
                    new FeePolicy(config.minTip(), config.maxFee()),
                    limits(config, settings.chain().window()),
                    clock,
                    payouts,
                    alarms));
            var watcher = new ChainWatcher(
                    database,
                    node,
                    new ContractEvents(escrow, registry, epochs),
                    List.of(escrow, registry, epochs),
                    new BookEffects(hub, epochs, facts),
                    new WatchLimits(config.startBlock(), config.confirmations(), config.logRange(), KEPT_BLOCKS),
                    clock);
            var ledger = new Ledger(database, views, token, config.startBlock());
            vitals = new Vitals(alarms, watcher::status, clock, config.ledgerCheck());

            var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            vitals.register(metrics);
            var relay = keep(OutboxRelay.start(database, settings.kafkaSettings(), metrics));
            var consumer = keep(LogConsumer.start(
                    settings.kafkaSettings(),
                    GROUP,
                    List.of(Topics.JOBS),
                    database,
                    new JobRecords(domain, reservations, payouts),
                    metrics));
            Map<String, BooleanSupplier> liveness = new LinkedHashMap<>();
            liveness.put("log", consumer::alive);
            var watching = keep(Loop.start(
                    "watcher", config.poll(), rounds(watcher, reservations, payouts, byEpoch), vitals::failed));
            liveness.put("watcher", watching::alive);
            var writing = keep(start("writer", config.poll(), () -> {
                writer.step();
                vitals.troubles(database.inTransaction(tx -> IntentBook.troubles(tx, MOST_TROUBLES)));
                return false;
            }));
            liveness.put("writer", writing::alive);
            var compared = Loop.Part.once("ledger", () -> vitals.ledger(ledger.check()));
            var measured = Loop.Part.once("balance", () -> {
                var balance = sender.balance(wallet.address());
                vitals.balance(balance, balance.compareTo(config.lowBalance()) < 0);
            });
            var checking =
                    keep(Loop.start("ledger", config.ledgerCheck(), List.of(measured, compared), vitals::failed));
            liveness.put("ledger", checking::alive);
            var readiness = vitals.readiness();
            readiness.put("signer", signer::reachable);
            readiness.put("database", database::reachable);
            readiness.put("log", consumer::ready);
            liveness.put("relay", relay::alive);
            operations = keep(Operations.start(config.opsPort(), liveness, readiness, metrics));
        } catch (RuntimeException e) {
            closeParts(e);
            throw e;
        }
    }

    /**
     * Starts the service and returns when it runs; it may not be ready yet.
     *
     * @throws IllegalArgumentException when the settings contradict the chain
     */
    public static Settlement start(Settings settings, InstantSource clock) {
        return new Settlement(settings, clock);
    }

    public Vitals vitals() {
        return vitals;
    }

    public int opsPort() {
        return operations.port();
    }

    private Loop start(String name, Duration every, Loop.Round round) {
        return Loop.start(name, every, List.of(new Loop.Part(name, round)), vitals::failed);
    }

    /** In the order in which one leads to the other; none waits for one that fails. */
    private static List<Loop.Part> rounds(
            ChainWatcher watcher, Reservations reservations, Payouts payouts, SettlingByEpoch byEpoch) {
        return List.of(
                new Loop.Part("watcher", watcher::step),
                Loop.Part.once("epochs followed", byEpoch::follow),
                Loop.Part.once("demands answered", byEpoch::answer),
                Loop.Part.once("epochs built", byEpoch::build),
                Loop.Part.once("reservations", reservations::step),
                Loop.Part.once("payouts", payouts::step),
                new Loop.Part("epochs told", byEpoch::tell),
                Loop.Part.once("epochs' rest", byEpoch::payTheRest));
    }

    private static WriterLimits limits(SettlementConfig config, Duration window) {
        var most = window.dividedBy(MARGINS_IN_A_WINDOW);
        var margin = config.giveUpMargin();
        return new WriterLimits(
                config.confirmations(),
                config.maxInFlight(),
                config.answerSlots(),
                config.bumpAfter(),
                config.rebroadcast(),
                config.parkFirst(),
                config.parkLongest(),
                margin.compareTo(most) < 0 ? margin : most);
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.add(part);
        return part;
    }

    /** Stops what brings work first, and what work needs last. */
    @Override
    public void close() {
        closeParts(null);
    }

    private void closeParts(@Nullable RuntimeException cause) {
        RuntimeException failure = cause;
        Collections.reverse(parts);
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException(
                            "Expected to close " + part.getClass().getSimpleName() + ", but it failed", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        parts.clear();
        if (failure != null && failure != cause) {
            throw failure;
        }
    }
}
