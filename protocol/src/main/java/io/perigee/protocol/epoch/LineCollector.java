package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.Arrays;

/** Takes payments in any order and makes an epoch's lines of them: sorted, none twice, with the builders' running sums. */
public final class LineCollector {
    private byte[] rows = new byte[64 * Lines.WIDTH];
    private int count;

    /** @throws ArithmeticException when the amount is zero, or above what a line can hold */
    public void add(Address builder, Digest orderHash, Digest assignmentHash, Address owner, Amount amount) {
        if (amount.isZero()) {
            throw new ArithmeticException("Expected to pay something for " + assignmentHash + ", but got nothing");
        }
        int at = next();
        put(builder.bytes(), at);
        put(orderHash.bytes(), at + Lines.ORDER);
        put(assignmentHash.bytes(), at + Lines.ASSIGNMENT);
        put(owner.bytes(), at + Lines.OWNER);
        var digits = amount.value().toByteArray();
        int skip = digits[0] == 0 ? 1 : 0;
        if (digits.length - skip > Lines.SUM - Lines.AMOUNT) {
            throw new ArithmeticException("Expected an amount below 2^120 in a line, but got " + amount);
        }
        int length = digits.length - skip;
        System.arraycopy(digits, skip, rows, at + Lines.SUM - length, length);
        count++;
    }

    public int count() {
        return count;
    }

    /**
     * The lines. What was collected stays as it was.
     *
     * @throws IllegalArgumentException when an assignment is paid twice under an order
     * @throws ArithmeticException when a builder's lines come to 2^128 or more
     */
    public Lines lines() {
        var order = LineSort.order(rows, count);
        var sorted = new byte[count * Lines.WIDTH];
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows, Lines.at(order[i]), sorted, Lines.at(i), Lines.SUM);
        }
        sumUp(sorted);
        return new Lines(sorted, count);
    }

    private void sumUp(byte[] sorted) {
        var lines = new Lines(sorted, count);
        var sum = new Sum();
        for (int i = 0; i < count; i++) {
            if (i == 0 || !lines.sameBuilder(i - 1, i)) {
                sum.clear();
            } else if (Arrays.equals(
                    sorted,
                    Lines.at(i - 1),
                    Lines.at(i - 1) + Lines.KEY,
                    sorted,
                    Lines.at(i),
                    Lines.at(i) + Lines.KEY)) {
                throw new IllegalArgumentException("Expected to pay an assignment once, but %s is there twice"
                        .formatted(lines.line(i).assignmentHash()));
            }
            sum.addAmount(sorted, Lines.at(i) + Lines.AMOUNT);
            sum.write(sorted, Lines.at(i) + Lines.SUM);
        }
    }

    private int next() {
        if (count == Lines.MOST) {
            throw new IllegalStateException("Expected at most %d lines, but there is one more".formatted(Lines.MOST));
        }
        int at = Lines.at(count);
        if (at == rows.length) {
            rows = Arrays.copyOf(rows, Math.min(2 * count, Lines.MOST) * Lines.WIDTH);
        }
        return at;
    }

    private void put(byte[] bytes, int at) {
        System.arraycopy(bytes, 0, rows, at, bytes.length);
    }
}
