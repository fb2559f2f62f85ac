package io.perigee.settlement.testing;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.util.List;

/**
 * A job that one owner did up to a border, where it vanished, and another from there on, each audited by two more. An
 * auditor runs one segment and earns as much as one.
 */
public final class TwoParts {
    public static final int LEFT = Story.BORDERS / 4;
    public static final Amount SEGMENT = Amount.of(Story.PRICE / Story.BORDERS);

    private final Story story;
    private final List<Owner> owners;

    /** @param owners six: who vanished, its auditors, who went on, its auditors */
    public TwoParts(Story story, List<Owner> owners) {
        this.story = story;
        this.owners = List.copyOf(owners);
    }

    public Payable both() {
        return part(3, LEFT, Story.BORDERS).after(List.of(first()));
    }

    public Payable first() {
        return part(0, 0, LEFT);
    }

    /** What the second part alone pays. */
    public static Amount rest() {
        return Amount.of(Story.PRICE - Story.PRICE / Story.BORDERS * LEFT);
    }

    private Payable part(int attempt, int from, int to) {
        var price = from == 0 ? Amount.of(Story.PRICE) : rest();
        var run = story.run(
                assigned(attempt, Role.REPLICA, from, Story.BORDERS, price), owners.get(attempt), "part " + from, to);
        return new Payable(
                to, List.of(run), List.of(), List.of(audit(attempt + 1, run, to), audit(attempt + 2, run, to)), null);
    }

    private AuditEvidence audit(int attempt, RunEvidence upon, int to) {
        var owner = owners.get(attempt);
        var assignment = assigned(attempt, Role.AUDITOR, to - 1, to, SEGMENT);
        var verdict = new Verdict(
                assignment.digest(story.market.domain),
                upon.commitment().digest(story.market.domain),
                upon.opening().root(),
                upon.opening().outputDigest(),
                to);
        return new AuditEvidence(
                story.run(assignment, owner, "segment " + to, to),
                verdict,
                owner.session().sign(verdict.digest(story.market.domain)));
    }

    private Assignment assigned(int attempt, Role role, int from, int to, Amount price) {
        var owner = owners.get(attempt);
        return new Assignment(
                story.orderHash(),
                attempt,
                owner.provider(),
                owner.address(),
                role,
                from,
                to,
                NumericClass.STRICT,
                price,
                Amount.of(Story.BOND),
                Digest.ZERO,
                story.order.validAfter(),
                story.order.deadline() - 600);
    }
}
