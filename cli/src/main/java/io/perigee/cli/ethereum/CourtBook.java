package io.perigee.cli.ethereum;

import io.perigee.contracts.Court;
import io.perigee.contracts.shape.CourtShapes;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.AbiWords;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.protocol.core.methods.response.Log;

/** The market's court: its cases, its judges, and what anybody may do about them. Asks and encodes; signs nothing. */
public final class CourtBook {
    private final Contracts contracts;
    private final Logs logs;
    private @Nullable Address address;
    private @Nullable Terms terms;

    CourtBook(Contracts contracts, Logs logs) {
        this.contracts = contracts;
        this.logs = logs;
    }

    /**
     * What never changes of a court.
     *
     * @param token what bonds, tickets and fees are counted in
     * @param fee a judge's, for a case
     * @param accuserBond what an accusation takes
     */
    public record Terms(
            Duration window,
            Address token,
            int decimals,
            String symbol,
            Amount fee,
            Amount ticketPrice,
            Amount accuserBond) {}

    public Address address() {
        var known = address;
        if (known == null) {
            known = Address.parse(contracts.node().read(contracts.escrow().court()));
            address = known;
        }
        return known;
    }

    public Terms terms() {
        var known = terms;
        if (known == null) {
            var node = contracts.node();
            var token = Address.parse(node.read(court().stakeToken()));
            var money = contracts.token(token);
            known = new Terms(
                    Duration.ofSeconds(node.read(court().window()).longValueExact()),
                    token,
                    node.read(money.decimals()).intValueExact(),
                    node.read(money.symbol()),
                    new Amount(node.read(court().fee())),
                    new Amount(node.read(court().ticketPrice())),
                    new Amount(node.read(court().accuserBond())));
            terms = known;
        }
        return known;
    }

    // ---- reading

    /** What of this token a wallet has. */
    public Amount tokens(Address who) {
        return new Amount(contracts.node().read(contracts.token(terms().token()).balanceOf(who.value())));
    }

    /** What of a wallet's tokens the court may take. */
    public Amount allowance(Address who) {
        return new Amount(contracts
                .node()
                .read(contracts
                        .token(terms().token())
                        .allowance(who.value(), address().value())));
    }

    /** What the court owes somebody, once what its tickets earned is gathered. */
    public Amount owed(Address who) {
        return new Amount(contracts.node().read(court().owed(who.value())));
    }

    public Amount earned(long ticket) {
        return new Amount(contracts.node().read(court().earned(BigInteger.valueOf(ticket))));
    }

    public boolean condemned(Digest assignment) {
        return contracts.node().read(contracts.escrow().condemned(assignment.bytes()));
    }

    /**
     * Cases of the court.
     *
     * @param found by their numbers
     * @param unreadable what keeps others from being read, by their numbers
     */
    public record Cases(List<CaseState> found, Map<BigInteger, String> unreadable) {
        public Cases {
            found = List.copyOf(found);
            unreadable = Map.copyOf(unreadable);
        }
    }

    /** Cases opened since an instant. */
    public Cases cases(Instant since) {
        return folded(byCase(find(since, List.of())));
    }

    /** Those of them that somebody sits or sat in; of the others nothing is asked. */
    public Cases casesOf(Address judge, Instant since) {
        var events = byCase(find(since, List.of()));
        events.values().removeIf(each -> !seated(each, judge));
        return folded(events);
    }

    /** One case, when it was opened since then. */
    public Optional<CaseState> find(long id, Instant since) {
        var folding = folding();
        return byCase(find(since, List.of(Logs.topic(id)))).values().stream()
                .map(folding::of)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * Tickets that somebody bought since then and was not given back for their price.
     *
     * @return from when each leaves that was asked back, by its number; the epoch's start while it was not
     */
    public SortedMap<Long, Instant> tickets(Address judge, Instant since) {
        long from = logs.firstAt(since);
        long head = logs.head();
        var mine = List.of(Logs.topic(judge));
        var tickets = new TreeMap<Long, Instant>();
        logs.find(address(), Court.ENLISTED_EVENT, from, head, mine)
                .forEach(log ->
                        tickets.put(Court.getEnlistedEventFromLog(log).ticket.longValueExact(), Instant.EPOCH));
        logs.find(address(), Court.DELISTED_EVENT, from, head, mine).forEach(log -> {
            var event = Court.getDelistedEventFromLog(log);
            tickets.put(event.ticket.longValueExact(), Funds.instant(event.leavesAt));
        });
        logs.find(address(), Court.REDEEMED_EVENT, from, head, mine)
                .forEach(log ->
                        tickets.remove(Court.getRedeemedEventFromLog(log).ticket.longValueExact()));
        return tickets;
    }

    /** Those of a judge's tickets that it lost by silence. */
    public List<Long> forfeited(Address judge, Instant since) {
        var topics = List.of(Optional.<String>empty(), Logs.topic(judge));
        return logs.find(address(), Court.FORFEITED_EVENT, logs.firstAt(since), logs.head(), topics).stream()
                .map(log -> Court.getForfeitedEventFromLog(log).ticket.longValueExact())
                .toList();
    }

    // ---- an accuser

    /** Lets the court take that much of the wallet's tokens. */
    public Call approve(Amount amount) {
        var token = terms().token();
        return Call.of(token, contracts.token(token).approve(address().value(), amount.value()));
    }

    /** Takes the accuser's bond, which must have been approved. */
    public Call accuse(CourtCase about, Digest claimed) {
        var run = about.run();
        return call(court().accuse(
                        CourtShapes.order(run.order()),
                        CourtShapes.signature(run.orderSignature()),
                        List.of(CourtShapes.run(run, about.seal())),
                        BigInteger.valueOf(about.border()),
                        about.prior()
                                .map(prior -> CourtShapes.leaf(prior, about.proof(prior)))
                                .orElse(CourtShapes.NO_LEAF),
                        CourtShapes.leaf(about.accused(), about.proof(about.accused())),
                        claimed.bytes()));
    }

    /** Shows two openings of one assignment and border. */
    public Call proveTwoOpenings(KeptEvidence one, KeptSeal first, KeptEvidence other, KeptSeal second) {
        return call(court().proveTwoOpenings(
                        CourtShapes.order(one.order()),
                        CourtShapes.signature(one.orderSignature()),
                        List.of(CourtShapes.run(one, first)),
                        List.of(CourtShapes.run(other, second))));
    }

    // ---- anybody

    /** @param secret the hub's; zero when it keeps it */
    public Call draw(CaseState about, Digest secret) {
        return call(court().draw(number(about.id()), shape(about.dispute()), secret.bytes()));
    }

    public Call replace(CaseState about) {
        return call(court().replace(number(about.id()), shape(about.dispute())));
    }

    public Call close(CaseState about) {
        return call(court().close(number(about.id()), shape(about.dispute())));
    }

    public Call gather(List<Long> tickets) {
        return call(court().gather(tickets.stream().map(BigInteger::valueOf).toList()));
    }

    // ---- a judge

    public Call enlist(long count) {
        return call(court().enlist(number(count)));
    }

    public Call delist(long ticket) {
        return call(court().delist(number(ticket)));
    }

    public Call redeem(long ticket) {
        return call(court().redeem(number(ticket)));
    }

    public Call withdraw(Address to) {
        return call(court().withdraw(to.value()));
    }

    public Call commit(long id, int seat, Digest commitment) {
        return call(court().commit(number(id), number(seat), commitment.bytes()));
    }

    public Call reveal(long id, int seat, Digest vote, Digest salt) {
        return call(court().reveal(number(id), number(seat), vote.bytes(), salt.bytes()));
    }

    /** keccak256(abi.encode(id, judge, vote, salt)): what a judge commits to. */
    public static Digest commitment(long id, Address judge, Digest vote, Digest salt) {
        return new AbiWords()
                .number(id)
                .address(judge)
                .digest(vote)
                .digest(salt)
                .keccak();
    }

    // ---- inside

    private List<Log> find(Instant since, List<Optional<String>> topics) {
        return logs.find(address(), CaseFold.EVENTS, logs.firstAt(since), logs.head(), topics);
    }

    private static TreeMap<BigInteger, List<Log>> byCase(List<Log> events) {
        var byCase = new TreeMap<BigInteger, List<Log>>();
        events.forEach(event -> byCase.computeIfAbsent(
                        new BigInteger(event.getTopics().get(1).substring(2), 16), _ -> new ArrayList<>())
                .add(event));
        return byCase;
    }

    private CaseFold folding() {
        Map<Long, Instant> known = new HashMap<>();
        return new CaseFold(
                terms().window(),
                log -> known.computeIfAbsent(log.getBlockNumber().longValueExact(), logs::timeOf));
    }

    private Cases folded(TreeMap<BigInteger, List<Log>> byCase) {
        return folding().each(byCase);
    }

    /** What cannot be read seats nobody. */
    private static boolean seated(List<Log> events, Address judge) {
        try {
            return CaseFold.seats(events, judge);
        } catch (RuntimeException _) {
            return false;
        }
    }

    private static Court.Dispute shape(Dispute dispute) {
        return new Court.Dispute(
                dispute.assignmentHash().bytes(),
                dispute.priorLeaf().bytes(),
                dispute.accusedLeaf().bytes(),
                dispute.claimedLeaf().bytes(),
                dispute.secretHash().bytes(),
                dispute.accuser().value(),
                dispute.accused().value(),
                dispute.builder().value(),
                dispute.hub().value(),
                dispute.slashable().value());
    }

    private static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }

    private Call call(RemoteFunctionCall<?> function) {
        return Call.of(address(), function);
    }

    private Court court() {
        return contracts.court(address());
    }
}
