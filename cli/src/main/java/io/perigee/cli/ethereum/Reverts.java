package io.perigee.cli.ethereum;

import io.perigee.contracts.Court;
import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.contracts.Evidence;
import io.perigee.contracts.ProviderRegistry;
import io.perigee.contracts.TestToken;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.web3j.abi.CustomErrorEncoder;
import org.web3j.abi.FunctionReturnDecoder;
import org.web3j.abi.datatypes.CustomError;
import org.web3j.abi.datatypes.Type;
import org.web3j.utils.Numeric;

/** Says a contract's refusal in its own words: "InsufficientBalance(0x…, 5, 10)". */
final class Reverts {
    private static final int SELECTOR = 10;
    private static final Map<String, CustomError> ERRORS = errors();
    private static final Map<String, String> HINTS = Map.ofEntries(
            Map.entry("StillLocked", "The first number is when it may leave, in epoch seconds, the second is now"),
            Map.entry("StakeHeld", "An open dispute keeps the stake; it leaves when the court has decided"),
            Map.entry("CreditFrozen", "A dispute makes this credit wait; the others can be claimed without it"),
            Map.entry("CreditImmature", "Wait until it is ripe; 'perigee claim' shows when"),
            Map.entry("InsufficientBalance", "Check the free balance with 'perigee balance'"),
            Map.entry("InsufficientAllotment", "Check the allotment with 'perigee balance'"),
            Map.entry("InsufficientStake", "Check the stake with 'perigee balance'"),
            Map.entry("OrderNotOpen", "An epoch may still pay it; wait until 4 W after the order's deadline"),
            Map.entry("OpeningTooEarly", "Runs are opened after the order's deadline"),
            Map.entry(
                    "OrderOver",
                    "Nothing can be paid under an order later than 6 W after its deadline, and nobody accused later than 8 W"),
            Map.entry("OrderInEpoch", "An epoch may still pay it, or has: perigee settlement carry"),
            Map.entry("ReceiptMissing", "Without a receipt it is opened after the deadline, recorded before"),
            Map.entry("CommitmentNotRecorded", "Neither the hub nor the chain says that it was in time"),
            Map.entry("CommitmentRecordedLate", "It was recorded after the order's deadline, which is too late"),
            Map.entry("OpeningAlreadyRecorded", "It stands on chain already; nothing is left to do"),
            Map.entry("AnswerAlreadyAgreed", "A quorum agreed on another answer; this run is not paid"),
            Map.entry("NothingToDo", "All of it was paid already"),
            Map.entry("DemandedAlready", "Somebody has demanded it; wait for the answer"),
            Map.entry("TooLate", "The first number is until when it was possible, in epoch seconds"),
            Map.entry("TooEarly", "The first number is from when it is possible, in epoch seconds"),
            Map.entry("Condemned", "A court or a proof condemned this run; nothing is left to decide"),
            Map.entry("CondemnedAlready", "A court or a proof condemned this run; nothing is left to decide"),
            Map.entry("JudgedAlready", "A case about this segment is open, or judges came to the same leaf before"),
            Map.entry("BorderNotAnsweredFor", "The run answers for the borders after its first up to the one it shows"),
            Map.entry("LeafNotProven", "The leaf is not under the run's root"),
            Map.entry("NoSuchCase", "Look the number up: perigee court cases"),
            Map.entry("DrawnAlready", "Its judges are drawn: perigee court show ID"),
            Map.entry("NoBlockHash", "Judges are drawn by the block named first; try again when it is there"),
            Map.entry("NotTheJudge", "Another wallet sits there: perigee court show ID"),
            Map.entry("VotedAlready", "That seat has voted"),
            Map.entry("NotTheVote", "The vote and its salt are not what was committed"),
            Map.entry("TicketServes", "It sits in a case; give it back when that is closed"),
            Map.entry("NoSuchTicket", "Look the number up: perigee court tickets"),
            Map.entry("NoFault", "What is shown is the same on both sides"),
            Map.entry("EpochFinal", "It is final: nothing can be said against it any more"),
            Map.entry("EpochNotFinal", "It may still be demanded and accused; settle it when it is final"),
            Map.entry("PageTaken", "The epoch named last is on its way: perigee settlement settle, when it is final"),
            Map.entry("NoSuchEpoch", "It was not posted, or is void"));

    private Reverts() {}

    /**
     * Why a contract refused.
     *
     * @param name of the contract's error; empty when it is none of ours
     * @param text the error with its values
     */
    record Reason(String name, String text) {}

    static Reason read(String message, @Nullable String quoted) {
        var data = quoted == null ? "" : quoted.replace("\"", "");
        if (data.length() < SELECTOR) {
            return new Reason("", message);
        }
        var error = ERRORS.get(data.substring(0, SELECTOR));
        return error == null
                ? new Reason("", message)
                : new Reason(
                        error.getName(),
                        error.getName()
                                + values(
                                        FunctionReturnDecoder.decode(data.substring(SELECTOR), error.getParameters())));
    }

    /** What to do next, where the contract's error says it. */
    static Optional<String> hint(String name) {
        return Optional.ofNullable(HINTS.get(name));
    }

    @SuppressWarnings("rawtypes")
    private static String values(List<Type> values) {
        return values.stream()
                .map(value -> value.getValue() instanceof byte[] bytes ? Numeric.toHexString(bytes) : value.toString())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static Map<String, CustomError> errors() {
        var errors = new TreeMap<String, CustomError>();
        Stream.of(Court.class, Epochs.class, Escrow.class, Evidence.class, ProviderRegistry.class, TestToken.class)
                .flatMap(type -> Stream.of(type.getFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == CustomError.class)
                .forEach(field -> {
                    try {
                        var error = (CustomError) field.get(null);
                        errors.put(CustomErrorEncoder.encode(error).substring(0, SELECTOR), error);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                });
        return errors;
    }
}
