package io.perigee.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.devstack.demo.Holdings;
import io.perigee.devstack.demo.Stakes;
import io.perigee.devstack.demo.User;
import io.perigee.devstack.stack.Stack;
import io.perigee.devstack.stack.StackOptions.AgentOptions;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.JobView;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Everybody's balance and stake at one moment, as the chain tells them. */
record Books(Map<String, Address> holders, Holdings holdings, Map<String, Amount> stakes) {

    static Books of(Stack stack, User builder) {
        var contracts = stack.ledger().contracts();
        var holders = new LinkedHashMap<String, Address>();
        holders.put("builder", address(builder));
        List<String> providers =
                stack.options().agents().stream().map(AgentOptions::name).toList();
        providers.forEach(name -> holders.put(name, address(new User(stack.walletDirectory(name), stack.apiUrl()))));
        holders.put("escrow", Address.parse(contracts.escrow()));
        holders.put("stakes", Address.parse(contracts.registry()));
        holders.put("burned", Holdings.ASHES);
        return new Books(
                Map.copyOf(holders),
                Holdings.of(stack.ledger().web3j(), contracts, holders),
                Stakes.of(stack.ledger(), providers, holders));
    }

    private static Address address(User user) {
        return Address.parse(user.ask("wallet", "show").path("address").asText());
    }

    /** What came to this holder between the two moments; negative when it left. */
    BigInteger change(Books later, String holder) {
        return later.holdings
                .byHolder()
                .get(holder)
                .value()
                .subtract(holdings.byHolder().get(holder).value());
    }

    /** Every balance and stake moved by what these jobs say that it did, and by nothing else. */
    void assertMovedOnlyBy(Books later, JobView... jobs) {
        var attempts =
                List.of(jobs).stream().flatMap(job -> job.attempts().stream()).toList();
        assertThat(holdings.complete()).isTrue();
        assertThat(later.holdings.complete()).isTrue();
        assertThat(later.holdings.supply()).isEqualTo(holdings.supply());
        for (String provider : stakes.keySet()) {
            Predicate<AttemptView> own = run -> run.owner().equals(holders.get(provider));
            assertThat(change(later, provider))
                    .as("what %s was paid", provider)
                    .isEqualTo(sum(attempts, own, AttemptView::paid));
            assertThat(stakes.get(provider)
                            .value()
                            .subtract(later.stakes.get(provider).value()))
                    .as("what %s lost of its stake", provider)
                    .isEqualTo(sum(attempts, own.and(Books::isRejected), AttemptView::bond));
        }
        BigInteger paid = sum(attempts, _ -> true, AttemptView::paid);
        BigInteger burned = sum(attempts, Books::isRejected, AttemptView::bond);
        assertThat(change(later, "escrow")).isEqualTo(paid.negate());
        assertThat(change(later, "builder")).isEqualTo(BigInteger.ZERO);
        assertThat(change(later, "burned")).isEqualTo(burned);
        assertThat(change(later, "stakes")).isEqualTo(burned.negate());
    }

    /** What `direct` takes the bond of; an auditor's it does not. */
    private static boolean isRejected(AttemptView run) {
        return run.state() == AttemptState.REJECTED && run.role() == Role.REPLICA;
    }

    private static BigInteger sum(
            List<AttemptView> attempts, Predicate<AttemptView> which, Function<AttemptView, Amount> what) {
        return attempts.stream().filter(which).map(what).map(Amount::value).reduce(BigInteger.ZERO, BigInteger::add);
    }
}
