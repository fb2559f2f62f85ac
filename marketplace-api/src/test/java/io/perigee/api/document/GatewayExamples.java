package io.perigee.api.document;

import static io.perigee.api.document.ExampleJob.FIRST;
import static io.perigee.api.document.ExampleJob.ID;
import static io.perigee.api.document.ExampleJob.SECOND;
import static io.perigee.api.document.ExampleParties.DOMAIN;
import static io.perigee.api.document.ExampleParties.HUB;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.gateway.AgentLogin;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Decimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The first provider's conversation with the hub, and every message that did not come up in it. */
final class GatewayExamples {
    private static final int LAST = ExampleJob.SPEC.borders();
    private static final String NONCE = ExampleJob.secret("agent nonce");
    static final String TOKEN = ExampleJob.secret("agent token");

    static final String DIFFERS = "Expected the leaf of border 2 to be '%s', but the provider's is '%s'"
            .formatted(
                    FIRST.segment(2).leaf(ExampleJob.ORDER_HASH),
                    FIRST.segment(1).leaf(ExampleJob.ORDER_HASH));

    private GatewayExamples() {}

    /** @param why what the one who sends it wants, for the table of the whole attempt */
    record Line(Object message, String why) {
        boolean fromHub() {
            return message instanceof HubMessage;
        }

        String type() {
            return Json.tree(message).path("type").asText();
        }

        String key() {
            return (fromHub() ? "hub " : "agent ") + type();
        }
    }

    /** A whole attempt, message by message. */
    static List<Line> attempt() {
        var lines = new ArrayList<Line>();
        lines.add(new Line(challenge(), "names itself and asks for a proof of the session key"));
        lines.add(new Line(hello(), "proves the key and offers capacity"));
        lines.add(new Line(
                new HubMessage.Welcome(FIRST.provider(), TOKEN, 20, 60), "the login holds; gives the artifact token"));
        lines.add(new Line(assignment(), "work: attempt 0, borders 0 to 3"));
        lines.add(new Line(accept(), "takes it, within 30 s"));
        lines.add(ack("accept"));
        lines.add(new Line(progress(), "for people"));
        for (int border = 1; border <= LAST; border++) {
            if (border == 2) {
                lines.add(new Line(new AgentMessage.Heartbeat(List.of(FIRST.hash())), "alive; every 20 s"));
            }
            lines.add(new Line(commit(border), "seals border " + border + uploaded(border)));
            lines.add(ack("commit-" + border));
            lines.add(new Line(
                    new HubMessage.ReceiptGiven(
                            ID, FIRST.commitment(border), FIRST.receipt(border), FIRST.receiptSignature(border)),
                    "the seal of border " + border + " came in time"));
        }
        lines.add(new Line(reveal(LAST), "opens the last border, because its receipt is there"));
        lines.add(ack("reveal-" + LAST));
        lines.add(new Line(
                new HubMessage.VerdictGiven(ID, FIRST.hash(), AttemptEnd.VERIFIED, "It agrees with attempts [1]"),
                "how it ended; the agent drops the attempt's files"));
        return lines;
    }

    /** One example of each message, by "hub type" or "agent type"; the last of a kind that came up in the attempt. */
    static Map<String, Line> all() {
        var all = new TreeMap<String, Line>();
        attempt().forEach(line -> all.put(line.key(), line));
        List.of(
                        new AgentMessage.OfferChanged(FIRST.offer()),
                        new AgentMessage.Decline(
                                FIRST.ref("decline"),
                                ID,
                                FIRST.hash(),
                                "Expected a free slot, but the agent is paused, full, or without an engine"),
                        new AgentMessage.Failed(
                                FIRST.ref("failed"),
                                ID,
                                FIRST.hash(),
                                FailureKind.BAD_DATA,
                                65,
                                "BAD_ROW: Expected train.jsonl:3 to be a JSON object, but it is a list."),
                        new HubMessage.RevealRequest(ID, FIRST.hash(), 2, "CANCELLED"),
                        new HubMessage.CheckpointRequest(ID, FIRST.hash(), 1, ExampleJob.at(661)),
                        new AgentMessage.Checkpoint(
                                FIRST.ref("checkpoint-1"),
                                ID,
                                FIRST.hash(),
                                1,
                                FIRST.checkpoint(1).digest()),
                        new HubMessage.VerdictRequest(
                                ID, SECOND.hash(), FIRST.commitment(LAST), FIRST.opening(LAST), FIRST.segments(LAST)),
                        new AgentMessage.VerdictSigned(
                                SECOND.ref("verdict"), ID, SECOND.verdict(FIRST), SECOND.verdictSignature(FIRST)),
                        new AgentMessage.VerdictRefused(
                                SECOND.ref("verdict"), ID, SECOND.hash(), VerdictRefusal.LEAF_DIFFERS, DIFFERS),
                        new HubMessage.Stop(ID, FIRST.hash(), "The job ends without it"),
                        refusal())
                .forEach(message -> {
                    var line = new Line(message, "");
                    all.put(line.key(), line);
                });
        all.put("agent commit", new Line(commit(LAST), ""));
        return all;
    }

    static HubMessage.Challenge challenge() {
        return new HubMessage.Challenge(NONCE, HUB.address(), DOMAIN.chainId(), DOMAIN.escrow(), ExampleJob.START);
    }

    /** The text whose EIP-191 signature is the hello's. */
    static String loginText() {
        return new String(
                AgentLogin.message(ExampleJob.ORIGIN, HUB.address(), NONCE), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static AgentMessage.Hello hello() {
        return new AgentMessage.Hello(
                "0.1.0",
                ExampleJob.ORIGIN,
                FIRST.sessionKey(),
                FIRST.ownerSignature(),
                FIRST.key().signMessage(AgentLogin.message(ExampleJob.ORIGIN, HUB.address(), NONCE)),
                FIRST.offer());
    }

    private static HubMessage.AssignmentOffer assignment() {
        return new HubMessage.AssignmentOffer(
                ID,
                FIRST.attempt(),
                FIRST.assignment(),
                FIRST.hubSignature(),
                ExampleJob.ORDER,
                ExampleJob.ORDER_SIGNATURE,
                ExampleJob.SPEC,
                FIRST.sessionKey().serial(),
                null);
    }

    private static AgentMessage.Accept accept() {
        return new AgentMessage.Accept(FIRST.ref("accept"), ID, FIRST.hash(), FIRST.acceptance());
    }

    private static AgentMessage.Progress progress() {
        return new AgentMessage.Progress(
                ID,
                FIRST.hash(),
                5,
                24,
                0,
                Decimal.parse("3.41972"),
                Decimal.parse("0.002"),
                Decimal.parse("1.08331"),
                Decimal.parse("1210"),
                4);
    }

    private static AgentMessage.Commit commit(int border) {
        return new AgentMessage.Commit(
                FIRST.ref("commit-" + border), ID, FIRST.commitment(border), FIRST.commitmentSignature(border));
    }

    private static AgentMessage.Reveal reveal(int border) {
        return new AgentMessage.Reveal(
                FIRST.ref("reveal-" + border),
                ID,
                FIRST.hash(),
                border,
                FIRST.opening(border),
                FIRST.segments(border),
                ExampleJob.OUTPUTS.digest(),
                FIRST.checkpoint(border).digest());
    }

    private static HubMessage.Refusal refusal() {
        UUID ref = FIRST.ref("reveal-" + LAST);
        var code = ErrorCode.STALE_LEASE;
        return new HubMessage.Refusal(
                ref,
                code,
                "Expected an attempt that goes on, but '%s' has ended as LOST".formatted(FIRST.hash()),
                code.hint(),
                code.retryable());
    }

    private static Line ack(String what) {
        return new Line(new HubMessage.Ack(FIRST.ref(what)), "the %s is stored".formatted(what));
    }

    private static String uploaded(int border) {
        return border == LAST ? ", the last; then uploads checkpoint and outputs" : "";
    }
}
