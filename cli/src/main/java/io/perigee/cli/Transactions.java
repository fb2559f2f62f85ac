package io.perigee.cli;

import io.perigee.cli.ethereum.Call;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.cli.ethereum.Sent;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Address;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
                "%s, at most %s of the chain's coin unless gas gets twice as dear"
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
        var wallet = confirmed(yes, question);
        var sent = new ArrayList<Map<String, Object>>();
        for (var step : steps) {
            sent.add(send(wallet, step));
        }
        return sent;
    }

    /**
     * What came of steps that do not build on each other.
     *
     * @param refused by the numbers of the steps, in the order in which they were added
     */
    public record Outcome(List<Map<String, Object>> sent, Map<Integer, Refused> refused) {
        public Outcome {
            sent = List.copyOf(sent);
            refused = Collections.unmodifiableMap(new TreeMap<>(refused));
        }
    }

    /**
     * The same, where one that the contract refuses after all keeps none of the others from being sent.
     *
     * @throws ChainFault when it refuses all of them, or the chain does not answer
     */
    public Outcome sendEach(boolean yes, String question) {
        var wallet = confirmed(yes, question);
        var sent = new ArrayList<Map<String, Object>>();
        var refused = new TreeMap<Integer, Refused>();
        Optional<ChainFault> first = Optional.empty();
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            try {
                sent.add(send(wallet, step));
            } catch (ChainFault e) {
                if (!Refused.is(e)) {
                    throw e;
                }
                var why = new Refused(step.verb(), step.why(), e);
                why.say(session);
                refused.put(i, why);
                first = first.or(() -> Optional.of(e));
            }
        }
        if (sent.isEmpty() && first.isPresent()) {
            throw first.get();
        }
        return new Outcome(sent, refused);
    }

    private KeyPair confirmed(boolean yes, String question) {
        session.confirm(yes || session.json(), question);
        return session.wallet();
    }

    private Map<String, Object> send(KeyPair wallet, Step step) {
        int width = steps.stream().mapToInt(each -> each.done().length()).max().orElse(0);
        var one = session.chain().send(wallet, step.call());
        session.say("  %s %s  block %d, %s gas  %s"
                .formatted(
                        session.ink().done(),
                        step.done() + " ".repeat(width - step.done().length()),
                        one.block(),
                        Words.count(one.gasUsed()),
                        session.ink().dim(one.txHash())));
        return document(step, one);
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
