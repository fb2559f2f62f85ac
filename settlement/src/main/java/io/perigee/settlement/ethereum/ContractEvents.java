package io.perigee.settlement.ethereum;

import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.contracts.ProviderRegistry;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.settlement.chain.ChainLog;
import io.perigee.settlement.watch.ChainEvent;
import io.perigee.settlement.watch.EventDecoder;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.datatypes.Event;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.utils.Numeric;

/** Decodes the logs of the escrow, its registry and its epochs through the generated wrappers. */
public final class ContractEvents implements EventDecoder {
    private final Address escrow;
    private final Address registry;
    private final Address epochs;
    private final Map<String, Function<Log, ChainEvent>> ofEscrow = new HashMap<>();
    private final Map<String, Function<Log, ChainEvent>> ofRegistry = new HashMap<>();
    private final Map<String, Function<Log, ChainEvent>> ofEpochs = new HashMap<>();

    public ContractEvents(Address escrow, Address registry, Address epochs) {
        this.escrow = escrow;
        this.registry = registry;
        this.epochs = epochs;
        readBuildersMoney();
        readPay();
        readRegistry();
        readBooks();
        readEpochs();
    }

    @Override
    public Optional<ChainEvent> decode(ChainLog log) {
        if (log.topics().isEmpty()) {
            return Optional.empty();
        }
        var readers = log.emitter().equals(escrow)
                ? ofEscrow
                : log.emitter().equals(registry)
                        ? ofRegistry
                        : log.emitter().equals(epochs) ? ofEpochs : Map.<String, Function<Log, ChainEvent>>of();
        return Optional.ofNullable(readers.get(log.topics().getFirst().value()))
                .map(reader -> reader.apply(asLog(log)));
    }

    private void readBuildersMoney() {
        escrow(Escrow.DEPOSITED_EVENT, log -> {
            var e = Escrow.getDepositedEventFromLog(log);
            return new ChainEvent.Deposited(address(e.builder), address(e.token), new Amount(e.amount));
        });
        escrow(Escrow.WITHDRAWN_EVENT, log -> {
            var e = Escrow.getWithdrawnEventFromLog(log);
            return new ChainEvent.Withdrawn(address(e.builder), address(e.token), new Amount(e.amount));
        });
        escrow(Escrow.ALLOTTED_EVENT, log -> {
            var e = Escrow.getAllottedEventFromLog(log);
            return new ChainEvent.Allotted(
                    address(e.builder), address(e.hub), address(e.token), new Amount(e.amount), new Amount(e.total));
        });
        escrow(Escrow.RECALLED_EVENT, log -> {
            var e = Escrow.getRecalledEventFromLog(log);
            return new ChainEvent.Recalled(
                    address(e.builder), address(e.hub), address(e.token), new Amount(e.amount), new Amount(e.left));
        });
        escrow(Escrow.RECLAIMED_EVENT, log -> {
            var e = Escrow.getReclaimedEventFromLog(log);
            return new ChainEvent.Reclaimed(address(e.builder), address(e.hub), address(e.token), new Amount(e.amount));
        });
    }

    private void readPay() {
        escrow(Escrow.SPENT_EVENT, log -> {
            var e = Escrow.getSpentEventFromLog(log);
            return new ChainEvent.Spent(
                    Digest.of(e.orderHash),
                    address(e.builder),
                    address(e.hub),
                    address(e.token),
                    new Amount(e.amount),
                    new Amount(e.allotted),
                    new Amount(e.orderSpent));
        });
        escrow(Escrow.CREDITED_EVENT, log -> {
            var e = Escrow.getCreditedEventFromLog(log);
            return new ChainEvent.Credited(
                    Digest.of(e.orderHash),
                    Digest.of(e.assignmentHash),
                    address(e.owner),
                    new Amount(e.amount),
                    new Amount(e.total),
                    seconds(e.maturesAt));
        });
        escrow(Escrow.RELEASED_EVENT, log -> {
            var e = Escrow.getReleasedEventFromLog(log);
            return new ChainEvent.Released(
                    Digest.of(e.orderHash),
                    Digest.of(e.assignmentHash),
                    address(e.payee),
                    new Amount(e.amount),
                    new Amount(e.total));
        });
        escrow(Escrow.COLLECTED_EVENT, log -> {
            var e = Escrow.getCollectedEventFromLog(log);
            return new ChainEvent.Collected(
                    Digest.of(e.assignmentHash),
                    address(e.owner),
                    address(e.payee),
                    address(e.token),
                    new Amount(e.amount));
        });
        escrow(Escrow.FROZEN_EVENT, log -> {
            var e = Escrow.getFrozenEventFromLog(log);
            return new ChainEvent.Frozen(Digest.of(e.assignmentHash), e.yes);
        });
        escrow(Escrow.CREDITRETURNED_EVENT, log -> {
            var e = Escrow.getCreditReturnedEventFromLog(log);
            return new ChainEvent.CreditReturned(
                    Digest.of(e.assignmentHash), address(e.builder), address(e.token), new Amount(e.amount));
        });
        escrow(Escrow.BONDBURNED_EVENT, log -> {
            var e = Escrow.getBondBurnedEventFromLog(log);
            return new ChainEvent.BondBurned(
                    Digest.of(e.orderHash), Digest.of(e.assignmentHash), address(e.owner), new Amount(e.amount));
        });
    }

    private void readBooks() {
        escrow(Escrow.CHARGED_EVENT, log -> {
            var e = Escrow.getChargedEventFromLog(log);
            return new ChainEvent.Charged(
                    address(e.builder), address(e.hub), address(e.token), new Amount(e.amount), new Amount(e.allotted));
        });
        escrow(Escrow.PAIDBYEPOCH_EVENT, log -> {
            var e = Escrow.getPaidByEpochEventFromLog(log);
            return new ChainEvent.PaidByEpoch(
                    Digest.of(e.orderHash),
                    Digest.of(e.assignmentHash),
                    address(e.owner),
                    new Amount(e.amount),
                    new Amount(e.total));
        });
        escrow(Escrow.MOVED_EVENT, log -> {
            var e = Escrow.getMovedEventFromLog(log);
            return new ChainEvent.Moved(address(e.token), address(e.from), address(e.to), new Amount(e.amount));
        });
        epochs(Epochs.BOOKOPENED_EVENT, log -> {
            var e = Epochs.getBookOpenedEventFromLog(log);
            return new ChainEvent.BookOpened(address(e.hub), address(e.token), address(e.settler), new Amount(e.bond));
        });
        epochs(Epochs.BOOKRUINED_EVENT, log -> {
            var e = Epochs.getBookRuinedEventFromLog(log);
            return new ChainEvent.BookRuined(address(e.hub), address(e.token), address(e.by), new Amount(e.bond));
        });
    }

    private void readEpochs() {
        epochs(Epochs.POSTED_EVENT, log -> {
            var e = Epochs.getPostedEventFromLog(log);
            return new ChainEvent.EpochPosted(
                    address(e.settler), address(e.token), e.number.intValueExact(), Digest.of(e.root));
        });
        epochs(Epochs.LINEDEMANDED_EVENT, log -> {
            var e = Epochs.getLineDemandedEventFromLog(log);
            return new ChainEvent.LineDemanded(
                    address(e.hub),
                    address(e.token),
                    e.number.intValueExact(),
                    e.index.longValueExact(),
                    address(e.by));
        });
        epochs(Epochs.ORDERDEMANDED_EVENT, log -> {
            var e = Epochs.getOrderDemandedEventFromLog(log);
            return new ChainEvent.OrderDemanded(
                    address(e.hub),
                    address(e.token),
                    e.number.intValueExact(),
                    address(e.builder),
                    Digest.of(e.orderHash),
                    address(e.by));
        });
        epochs(Epochs.ANSWERED_EVENT, log -> {
            var e = Epochs.getAnsweredEventFromLog(log);
            return new ChainEvent.Answered(
                    address(e.hub), address(e.token), e.number.intValueExact(), Digest.of(e.what));
        });
        epochs(Epochs.SETTLED_EVENT, log -> {
            var e = Epochs.getSettledEventFromLog(log);
            return new ChainEvent.EpochSettled(
                    address(e.hub),
                    address(e.token),
                    e.number.intValueExact(),
                    new Amount(e.amount),
                    new Amount(e.covered));
        });
        epochs(Epochs.CARRIED_EVENT, log -> {
            var e = Epochs.getCarriedEventFromLog(log);
            return new ChainEvent.Carried(
                    Digest.of(e.orderHash),
                    address(e.builder),
                    address(e.hub),
                    address(e.token),
                    e.lines.intValueExact(),
                    new Amount(e.orderSpent));
        });
    }

    private void readRegistry() {
        registry(ProviderRegistry.STAKED_EVENT, log -> {
            var e = ProviderRegistry.getStakedEventFromLog(log);
            return new ChainEvent.StakeMoved(address(e.owner), new Amount(e.total));
        });
        registry(ProviderRegistry.UNSTAKESTARTED_EVENT, log -> {
            var e = ProviderRegistry.getUnstakeStartedEventFromLog(log);
            return new ChainEvent.StakeMoved(address(e.owner), new Amount(e.left));
        });
        registry(ProviderRegistry.STAKEBURNED_EVENT, log -> {
            var e = ProviderRegistry.getStakeBurnedEventFromLog(log);
            return new ChainEvent.StakeMoved(address(e.owner), new Amount(e.left));
        });
        registry(ProviderRegistry.STAKESLASHED_EVENT, log -> {
            var e = ProviderRegistry.getStakeSlashedEventFromLog(log);
            return new ChainEvent.StakeMoved(address(e.owner), new Amount(e.left));
        });
        registry(ProviderRegistry.PAYEESET_EVENT, log -> {
            var e = ProviderRegistry.getPayeeSetEventFromLog(log);
            return new ChainEvent.PayeeSet(address(e.owner), address(e.payee));
        });
        registry(ProviderRegistry.PROVIDERREGISTERED_EVENT, log -> {
            var e = ProviderRegistry.getProviderRegisteredEventFromLog(log);
            return new ChainEvent.Registered(ProviderId.of(e.provider), address(e.owner));
        });
        registry(ProviderRegistry.KEYREVOKED_EVENT, log -> {
            var e = ProviderRegistry.getKeyRevokedEventFromLog(log);
            return new ChainEvent.KeyRevoked(
                    ProviderId.of(e.provider), address(e.owner), e.serial.intValue(), seconds(e.revokedAt));
        });
    }

    private void escrow(Event event, Function<Log, ChainEvent> reader) {
        ofEscrow.put(EventEncoder.encode(event), reader);
    }

    private void registry(Event event, Function<Log, ChainEvent> reader) {
        ofRegistry.put(EventEncoder.encode(event), reader);
    }

    private void epochs(Event event, Function<Log, ChainEvent> reader) {
        ofEpochs.put(EventEncoder.encode(event), reader);
    }

    private static Log asLog(ChainLog log) {
        var copy = new Log();
        copy.setAddress(log.emitter().value());
        copy.setTopics(log.topics().stream().map(Digest::value).toList());
        copy.setData(Numeric.toHexString(log.data()));
        return copy;
    }

    private static Address address(String text) {
        return Address.parse(text);
    }

    /** The escrow counts a maturity in 64 bits; far beyond any Instant is as good as never. */
    private static long seconds(BigInteger value) {
        return value.min(BigInteger.valueOf(253_402_300_799L)).longValueExact();
    }
}
