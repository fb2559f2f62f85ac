package io.perigee.cli;

import io.perigee.cli.ethereum.Call;
import io.perigee.cli.ethereum.Sent;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The transactions of one command: each is estimated and shown with its amount and its gas before anything is signed, then
 * they are sent one after the other. Estimating asks the contract, so what it would refuse is refused before the question.
 */
public final class Transactions {
    private final Session session;
    private final Address from;
    private final List<Step> steps = new ArrayList<>();

    /**
     * One of them.
     *
     * @param verb what it does, such as "withdraw"
     * @param done the same when it is done, such as "withdrawn"
     */
    private record Step(String verb, String done, String amount, String why, Call call, long gas) {}

    public Transactions(Session session) {
        this.session = session;
        this.from = session.walletFile().address();
    }

    /** Adds one that would succeed now. */
    public Transactions add(String verb, String done, String amount, String why, Call call) {
        return later(verb, done, amount, why, call, session.chain().estimate(from, call));
    }

    /** Adds one that can succeed only after those before it; its gas is what it usually takes. */
    public Transactions later(String verb, String done, String amount, String why, Call call, long usualGas) {
        steps.add(new Step(verb, done, amount, why, call, usualGas));
        return this;
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    public int count() {
        return steps.size();
    }

    /** Shows what will be signed, and what it costs at most. */
    public void announce() {
        var ink = session.ink();
        var table = new Table(ink, "", "", "");
        steps.forEach(step -> table.row(ink.dim(step.verb()), step.amount(), step.why()));
        long gas = steps.stream().mapToLong(Step::gas).sum();
        table.row(
                ink.dim("gas"),
                "~" + Words.count(gas),
                "%s, at most %s of the chain's coin"
                        .formatted(
                                switch (steps.size()) {
                                    case 1 -> "one transaction";
                                    case 2 -> "two transactions";
                                    default -> steps.size() + " transactions";
                                },
                                Words.coin(session.chain().worstFee(gas))));
        session.say("");
        table.lines("  ").forEach(session::say);
        session.say("");
    }

    /** Asks, unless there was a yes; then sends each and waits for it. What was sent before a fault stays sent. */
    public List<Map<String, Object>> send(boolean yes, String question) {
        session.confirm(yes || session.json(), question);
        var wallet = session.wallet();
        var sent = new ArrayList<Map<String, Object>>();
        int width = steps.stream().mapToInt(step -> step.done().length()).max().orElse(0);
        for (var step : steps) {
            var one = session.chain().send(wallet, step.call());
            session.say("  %s %s  block %d, %s gas  %s"
                    .formatted(
                            session.ink().done(),
                            step.done() + " ".repeat(width - step.done().length()),
                            one.block(),
                            Words.count(one.gasUsed()),
                            session.ink().dim(one.txHash())));
            sent.add(document(step, one));
        }
        return sent;
    }

    private static Map<String, Object> document(Step step, Sent sent) {
        var document = new LinkedHashMap<String, Object>();
        document.put("what", step.verb());
        document.put("txHash", sent.txHash());
        document.put("block", sent.block());
        document.put("gasUsed", sent.gasUsed());
        document.put("fee", sent.fee().toString());
        return document;
    }
}
