package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.Call;
import io.perigee.cli.ethereum.CaseState;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.cli.ethereum.CourtBook;
import io.perigee.cli.view.JobStory.Money;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Amount;
import java.time.Instant;

/** The court of the session's market, with its own money. */
record Courtroom(Session session) {
    CourtBook book() {
        return session.chain().court();
    }

    Money money() {
        return new Money(book().terms().decimals(), book().terms().symbol());
    }

    Instant now() {
        return session.chain().now();
    }

    CaseState require(long id, Lookback lookback) {
        return book().find(id, lookback.from(this))
                .orElseThrow(() -> new Refusal(
                        ErrorCode.NOT_FOUND,
                        "Expected case %d at the court %s, but none of that number was opened in the last %s"
                                .formatted(id, book().address(), lookback.words(this)),
                        "perigee court cases; --since looks further back"));
    }

    /**
     * A call that takes tokens, and before it the leave to take them where that is missing. All that the court would refuse
     * otherwise is refused here: it looks at the tokens last.
     */
    Transactions taking(Amount amount, Call call, Words words, long usualGas) {
        var wallet = session.walletFile().address();
        var has = book().tokens(wallet);
        if (!has.covers(amount)) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected %s in the wallet %s, but it has %s"
                            .formatted(money().of(amount), wallet, money().of(has)),
                    "Tokens in the escrow do not count: perigee withdraw; on a dev chain: perigee faucet");
        }
        var transactions = new Transactions(session);
        if (book().allowance(wallet).covers(amount)) {
            return transactions.add(words.verb(), words.done(), money().of(amount), words.why(), call);
        }
        refuseWhatTokensDoNotCause(call);
        return transactions
                .add(
                        "approve",
                        "approved",
                        money().of(amount),
                        "the court may take so much of the wallet",
                        book().approve(amount))
                .later(words.verb(), words.done(), money().of(amount), words.why(), call, usualGas);
    }

    /** How a transaction reads. */
    record Words(String verb, String done, String why) {}

    private void refuseWhatTokensDoNotCause(Call call) {
        try {
            session.chain().estimate(session.walletFile().address(), call);
        } catch (ChainFault e) {
            if (!e.reason().isEmpty()
                    && !e.reason().startsWith("ERC20")
                    && !e.reason().startsWith("SafeERC20")) {
                throw e;
            }
        }
    }
}
