package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.Credit;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.epoch.Lines;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.result.KeptEvidence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A market with a settler, true or false, and somebody who watches it. */
final class EpochScene implements AutoCloseable {
    static final Address THIEF = Address.parse("0x" + "ff".repeat(20));
    /** What the watchdog has free for bonds. */
    static final long PURSE = 1_000_000;

    final KeyPair dog = DevMarket.key("dog");
    final DevMarket market;
    final Settler settler;

    EpochScene(Path homes) {
        market = new DevMarket(homes);
        market.open(50_000_000);
        settler = new Settler(market);
        market.fund(dog);
        market.deposit(dog, PURSE);
    }

    EpochLedger posted(EpochLedger ledger) {
        settler.post(ledger);
        settler.publish(ledger);
        return ledger;
    }

    EpochLedger honest(EpochId id) {
        return EpochLedger.of(id, lines(6));
    }

    /** The first owner's credit is somebody else's. */
    EpochLedger robbed(EpochId id) {
        var honest = Accounts.of(lines(6));
        var credits = new ArrayList<>(honest.credits());
        var victim = credits.removeFirst();
        credits.add(new Credit(THIEF, victim.amount()));
        return EpochLedger.posted(id, lines(6), new Accounts(honest.debits(), credits));
    }

    static Accounts withThief(Accounts accounts, long amount) {
        var credits = new ArrayList<>(accounts.credits());
        credits.add(new Credit(THIEF, Amount.of(amount)));
        credits.sort(Comparator.comparing(credit -> credit.owner().value()));
        return new Accounts(accounts.debits(), credits);
    }

    Lines lines(int count) {
        var collector = new LineCollector();
        for (int i = 0; i < count; i++) {
            collector.add(
                    market.builder.address(),
                    DevMarket.word("order" + i / 2),
                    DevMarket.word("assignment" + i),
                    market.owners.get(i % 3).address(),
                    Amount.of(1_000 + i));
        }
        return collector.lines();
    }

    static Lines paying(List<KeptEvidence> runs) {
        var collector = new LineCollector();
        runs.forEach(run -> collector.add(
                run.order().builder(),
                run.orderHash(),
                run.assignmentHash(),
                run.assignment().owner(),
                run.assignment().price()));
        return collector.lines();
    }

    CliRun verify(EpochId id) {
        return market.perigee("dog", dog, "settlement", "verify", number(id), "--hub", settler.url());
    }

    CliRun settle(EpochId id) {
        return market.perigee("dog", dog, "settlement", "settle", number(id), "--yes");
    }

    List<JsonNode> watch(String... more) {
        var words = new ArrayList<>(List.of("settlement", "watch", "--once", "--hub", settler.url(), "--json"));
        words.addAll(List.of(more));
        var run = market.perigee("dog", dog, words.toArray(String[]::new));
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out().lines().map(line -> Json.read(line, JsonNode.class)).toList();
    }

    static String number(EpochId id) {
        return Integer.toString(id.number());
    }

    @Override
    public void close() {
        settler.close();
        market.close();
    }
}
