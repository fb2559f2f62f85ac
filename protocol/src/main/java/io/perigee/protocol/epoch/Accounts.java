package io.perigee.protocol.epoch;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.AbiWords;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** All that an epoch pays, as it is posted: debits by builder and credits by owner, each in ascending order. */
public record Accounts(List<Debit> debits, List<Credit> credits) {
    /** So many the contract takes in one post. */
    public static final int MOST = 400;

    private static final int WORD = 32;

    public Accounts {
        debits = List.copyOf(debits);
        credits = List.copyOf(credits);
    }

    /** What the lines come to. Those of a false epoch may come to more than the contract takes. */
    public static Accounts of(Lines lines) {
        return new Accounts(debitsOf(lines), creditsOf(lines));
    }

    /** What the builders pay, which is what the owners earn. */
    public Amount total() {
        return debits.stream().map(Debit::amount).reduce(Amount.ZERO, Amount::plus);
    }

    /** How many lines the debits speak of. */
    public int lines() {
        return debits.stream().mapToInt(Debit::lines).reduce(0, Math::addExact);
    }

    public Amount creditOf(Address owner) {
        return credits.stream()
                .filter(credit -> credit.owner().equals(owner))
                .map(Credit::amount)
                .findFirst()
                .orElse(Amount.ZERO);
    }

    /** True when the contract takes them in one post: few enough, and what goes out is what comes in. */
    public boolean fit() {
        var credited = credits.stream().map(Credit::amount).reduce(Amount.ZERO, Amount::plus);
        return debits.size() + credits.size() <= MOST
                && credited.equals(total())
                && credited.value().bitLength() <= Line.SUM_BITS;
    }

    /**
     * Reads {@link #encoded}.
     *
     * @throws InvalidValue when the bytes are anything else
     */
    public static Accounts decode(byte[] bytes) {
        try {
            var words = ByteBuffer.wrap(bytes).position(2 * WORD);
            var debits = new ArrayList<Debit>();
            for (int left = number(words); left > 0; left--) {
                debits.add(new Debit(address(words), number(words), amount(words)));
            }
            var credits = new ArrayList<Credit>();
            for (int left = number(words); left > 0; left--) {
                credits.add(new Credit(address(words), amount(words)));
            }
            var accounts = new Accounts(debits, credits);
            if (Arrays.equals(accounts.encoded(), bytes)) {
                return accounts;
            }
        } catch (ArithmeticException | BufferUnderflowException | IllegalArgumentException e) {
            throw new InvalidValue("Expected to read an epoch's accounts, but the bytes are cut short or out of range");
        }
        throw new InvalidValue("Expected to read an epoch's accounts, but the bytes are not in their one form");
    }

    private static Address address(ByteBuffer words) {
        var word = word(words);
        return Address.of(Arrays.copyOfRange(word, WORD - Address.BYTES, WORD));
    }

    private static int number(ByteBuffer words) {
        return new BigInteger(1, word(words)).intValueExact();
    }

    private static Amount amount(ByteBuffer words) {
        return new Amount(new BigInteger(1, word(words)));
    }

    private static byte[] word(ByteBuffer words) {
        var word = new byte[WORD];
        words.get(word);
        return word;
    }

    /** {@code keccak256(abi.encode(debits, credits))}. */
    public Digest hash() {
        return Keccak256.hash(encoded());
    }

    /** {@code abi.encode(debits, credits)}, as the event of the post has it. */
    public byte[] encoded() {
        var words = new AbiWords()
                .number(2 * WORD)
                .number((3 + 3L * debits.size()) * WORD)
                .number(debits.size());
        debits.forEach(
                debit -> words.address(debit.builder()).number(debit.lines()).amount(debit.amount()));
        words.number(credits.size());
        credits.forEach(credit -> words.address(credit.owner()).amount(credit.amount()));
        return words.bytes();
    }

    private static List<Debit> debitsOf(Lines lines) {
        var debits = new ArrayList<Debit>();
        int start = 0;
        for (int i = 1; i <= lines.count(); i++) {
            if (i == lines.count() || !lines.sameBuilder(i - 1, i)) {
                debits.add(new Debit(lines.builder(start), i - start, lines.sum(i - 1)));
                start = i;
            }
        }
        return debits;
    }

    private static List<Credit> creditsOf(Lines lines) {
        var sums = new TreeMap<byte[], BigInteger>(Arrays::compareUnsigned);
        for (int i = 0; i < lines.count(); i++) {
            int at = Lines.at(i);
            var owner = Arrays.copyOfRange(lines.rows(), at + Lines.OWNER, at + Lines.AMOUNT);
            sums.merge(
                    owner,
                    new BigInteger(1, lines.rows(), at + Lines.AMOUNT, Lines.SUM - Lines.AMOUNT),
                    BigInteger::add);
        }
        return sums.entrySet().stream()
                .map(entry -> new Credit(Address.of(entry.getKey()), new Amount(entry.getValue())))
                .toList();
    }
}
