package io.perigee.settlement.testing;

import io.perigee.contracts.Escrow;
import io.perigee.contracts.shape.EscrowShapes;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.settlement.chain.Call;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.Function;
import org.web3j.utils.Numeric;

/** Anybody's way to have a run condemned at once: by two openings that it signed. */
public final class Court {
    private Court() {}

    /** The court's own words are encoded as the escrow's are. */
    public static void condemn(Market market, Story story, RunEvidence one, RunEvidence other) {
        var court = Address.parse(
                Market.ask(() -> market.escrow(market.builder).court().send()));
        var function = new Function(
                "proveTwoOpenings",
                List.of(
                        EscrowShapes.order(story.order),
                        EscrowShapes.signature(story.signature()),
                        new DynamicArray<>(Escrow.Run.class, EscrowShapes.runs(List.of(one))),
                        new DynamicArray<>(Escrow.Run.class, EscrowShapes.runs(List.of(other)))),
                List.of());
        market.call(
                market.funded(Market.key("accuser")),
                new Call(court, Numeric.hexStringToByteArray(FunctionEncoder.encode(function))));
    }
}
