package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;

/** One thing wrong with a posted epoch, and so what anybody may do about it. */
public sealed interface Finding {
    /** The file is not what was posted: what it hides can be demanded. */
    record AnotherRoot(Digest posted, Digest computed) implements Finding {}

    /** The debits speak of another number of lines than the file holds. */
    record AnotherCount(int posted, int inFile) implements Finding {}

    /** This line does not follow the one before it, or does not begin its sum: the two accuse. */
    record OutOfOrder(int index) implements Finding {}

    /** A builder's last line says another builder or another sum than its debit: that line accuses. */
    record WrongDebit(int which, Debit debit, Amount sum) implements Finding {}

    /** An owner's lines come to more than its credit: they accuse. */
    record CreditTooLow(Address owner, Amount credited, Amount earned) implements Finding {}

    /** An owner is credited more than its lines come to; somebody else has too little, whose lines accuse. */
    record CreditTooHigh(Address owner, Amount credited, Amount earned) implements Finding {}

    /** In one sentence. */
    default String sentence() {
        return switch (this) {
            case AnotherRoot(var posted, var computed) ->
                "Expected the file's lines to have the root %s that was posted, but they have %s"
                        .formatted(posted, computed);
            case AnotherCount(var posted, var inFile) ->
                "Expected the file to hold the %d lines that the debits speak of, but it holds %d"
                        .formatted(posted, inFile);
            case OutOfOrder(var index) ->
                "Expected line %d to follow the one before it, but its place or its sum is wrong".formatted(index);
            case WrongDebit(var which, var debit, var sum) ->
                "Expected debit %d of builder %s to be what its last line says, but the debit is %s and the line says %s"
                        .formatted(which, debit.builder(), debit.amount(), sum);
            case CreditTooLow(var owner, var credited, var earned) ->
                "Expected owner %s to be credited what its lines come to, but it is credited %s of %s"
                        .formatted(owner, credited, earned);
            case CreditTooHigh(var owner, var credited, var earned) ->
                "Expected owner %s to be credited what its lines come to, but it is credited %s instead of %s"
                        .formatted(owner, credited, earned);
        };
    }
}
