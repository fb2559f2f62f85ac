package io.perigee.cli.ethereum;

import io.perigee.cli.ethereum.CaseState.Outcome;
import io.perigee.cli.ethereum.CaseState.Seat;
import io.perigee.cli.ethereum.CaseState.Verdict;
import io.perigee.contracts.Court;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.datatypes.Event;
import org.web3j.protocol.core.methods.response.Log;

/** Folds a case's events, in their order, to where it stands. */
final class CaseFold {
    /** All that name their case in their first topic. */
    static final List<Event> EVENTS = List.of(
            Court.OPENED_EVENT,
            Court.DRAWN_EVENT,
            Court.REPLACED_EVENT,
            Court.COMMITTED_EVENT,
            Court.REVEALED_EVENT,
            Court.CALLEDAGAIN_EVENT,
            Court.CLOSED_EVENT);

    private final Duration window;
    private final Function<Log, Instant> times;

    CaseFold(Duration window, Function<Log, Instant> times) {
        this.window = window;
        this.times = times;
    }

    /** Whether somebody is or was seated by one of them; cheap, since nothing is asked. */
    static boolean seats(List<Log> events, Address judge) {
        return events.stream().anyMatch(log -> {
            if (is(log, Court.DRAWN_EVENT)) {
                return Court.getDrawnEventFromLog(log).judges.stream()
                        .anyMatch(seated -> Address.parse(seated).equals(judge));
            }
            return is(log, Court.REPLACED_EVENT)
                    && Address.parse(Court.getReplacedEventFromLog(log).judge).equals(judge);
        });
    }

    /** Anybody opens a case, and says in it what the contract lets it: one that cannot be read hides no other. */
    CourtBook.Cases each(Map<BigInteger, List<Log>> byCase) {
        var found = new ArrayList<CaseState>();
        var unreadable = new TreeMap<BigInteger, String>();
        byCase.forEach((id, events) -> {
            try {
                of(events).ifPresent(found::add);
            } catch (RuntimeException e) {
                if (e instanceof ChainFault fault && fault.code() == ErrorCode.UNAVAILABLE) {
                    throw fault;
                }
                unreadable.put(id, String.valueOf(e.getMessage()));
            }
        });
        return new CourtBook.Cases(found, unreadable);
    }

    /** @return empty when the first of them does not open it: it is older than what was read */
    Optional<CaseState> of(List<Log> events) {
        if (events.isEmpty() || !is(events.getFirst(), Court.OPENED_EVENT)) {
            return Optional.empty();
        }
        var state = opened(events.getFirst());
        for (var event : events.subList(1, events.size())) {
            state = after(state, event);
        }
        return Optional.of(state);
    }

    private CaseState opened(Log log) {
        var event = Court.getOpenedEventFromLog(log);
        var at = times.apply(log);
        return new CaseState(
                event.id.longValueExact(),
                event.border.longValueExact(),
                dispute(event.dispute),
                at,
                1,
                at,
                false,
                false,
                at,
                window,
                0,
                List.of(),
                Optional.empty());
    }

    private CaseState after(CaseState state, Log log) {
        if (is(log, Court.DRAWN_EVENT)) {
            var event = Court.getDrawnEventFromLog(log);
            var judges = event.judges.stream().map(Address::parse).toList();
            return with(
                    state,
                    event.court.intValueExact(),
                    Instant.ofEpochSecond(event.commitUntil.longValueExact()),
                    0,
                    CaseState.bench(judges));
        }
        if (is(log, Court.REPLACED_EVENT)) {
            var event = Court.getReplacedEventFromLog(log);
            // several in one transaction are one replacement
            var until = times.apply(log).plus(window.dividedBy(4));
            int replacements = state.replacements() + (until.equals(state.commitUntil()) ? 0 : 1);
            return with(
                    state,
                    state.court(),
                    until,
                    replacements,
                    at(state, event.seat.intValueExact(), seat -> seat.taken(Address.parse(event.judge))));
        }
        if (is(log, Court.COMMITTED_EVENT)) {
            int seat = Court.getCommittedEventFromLog(log).seat.intValueExact();
            return with(state, state.court(), state.commitUntil(), state.replacements(), at(state, seat, Seat::sealed));
        }
        if (is(log, Court.REVEALED_EVENT)) {
            var event = Court.getRevealedEventFromLog(log);
            return with(
                    state,
                    state.court(),
                    state.commitUntil(),
                    state.replacements(),
                    at(state, event.seat.intValueExact(), seat -> seat.opened(Digest.of(event.vote))));
        }
        if (is(log, Court.CALLEDAGAIN_EVENT)) {
            return calledAgain(
                    state, Court.getCalledAgainEventFromLog(log).court.intValueExact(), times.apply(log));
        }
        var event = Court.getClosedEventFromLog(log);
        var verdict = new Verdict(outcome(event.outcome.intValueExact()), new Amount(event.slashed), times.apply(log));
        return new CaseState(
                state.id(),
                state.border(),
                state.dispute(),
                state.openedAt(),
                state.court(),
                state.calledAt(),
                state.again(),
                state.drawn(),
                state.commitUntil(),
                window,
                state.replacements(),
                state.seats(),
                Optional.of(verdict));
    }

    private CaseState with(CaseState state, int court, Instant commitUntil, int replacements, List<Seat> seats) {
        return new CaseState(
                state.id(),
                state.border(),
                state.dispute(),
                state.openedAt(),
                court,
                state.calledAt(),
                state.again(),
                true,
                commitUntil,
                window,
                replacements,
                seats,
                Optional.empty());
    }

    /** Nobody sits any more: the first court came to nothing, or a draw of the same one found too few. */
    private static CaseState calledAgain(CaseState state, int court, Instant at) {
        boolean again = court == state.court();
        return new CaseState(
                state.id(),
                state.border(),
                state.dispute(),
                state.openedAt(),
                court,
                again ? state.calledAt() : at,
                again,
                false,
                state.commitUntil(),
                state.window(),
                0,
                List.of(),
                Optional.empty());
    }

    private static List<Seat> at(CaseState state, int number, Function<Seat, Seat> change) {
        var seats = new ArrayList<>(state.seats());
        seats.set(number, change.apply(seats.get(number)));
        return seats;
    }

    private static boolean is(Log log, Event event) {
        return log.getTopics().getFirst().equals(EventEncoder.encode(event));
    }

    private static Outcome outcome(int number) {
        return switch (number) {
            case 1 -> Outcome.CONDEMNED;
            case 2 -> Outcome.CLEARED;
            case 3 -> Outcome.UNDECIDED;
            default ->
                throw new ChainFault(
                        "Expected the outcome of a case, but it is number %d".formatted(number),
                        "Use a program as new as the contracts");
        };
    }

    private static Dispute dispute(Court.Dispute said) {
        return new Dispute(
                Digest.of(said.assignmentHash),
                Digest.of(said.priorLeaf),
                Digest.of(said.accusedLeaf),
                Digest.of(said.claimedLeaf),
                Digest.of(said.secretHash),
                Address.parse(said.accuser),
                Address.parse(said.accused),
                Address.parse(said.builder),
                Address.parse(said.hub),
                new Amount(said.slashable));
    }
}
