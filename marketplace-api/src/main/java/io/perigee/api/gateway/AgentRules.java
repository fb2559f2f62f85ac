package io.perigee.api.gateway;

import io.perigee.api.session.Origins;
import io.perigee.protocol.codec.PlainText;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.gateway.AgentLogin;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.SpecLimits;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a stranger's message must keep before anything of it is stored. Pure. */
public final class AgentRules {
    private static final int LONGEST_TEXT = 200;
    public static final int LONGEST_DETAIL = 2_000;
    private static final int MOST_ENTRIES = 64;
    private static final int MOST_SLOTS = 1_024;
    private static final int MOST_SEGMENTS = 10_000;

    private AgentRules() {}

    /** The owner let this key speak for the provider here and now, and whoever holds the key means this line. */
    public static Optional<Rejected> logIn(
            AgentMessage.Hello hello, Address hub, Origins origins, Domain domain, String nonce, Instant now) {
        var key = hello.sessionKey();
        if (!key.hub().equals(hub)) {
            return no(
                    ErrorCode.WRONG_HUB,
                    "Expected a session key for hub '%s', but it is for '%s'".formatted(hub, key.hub()));
        }
        if (!Signatures.isBy(key.owner(), key.digest(domain), hello.ownerSignature())) {
            return no(
                    ErrorCode.BAD_SIGNATURE,
                    "Expected the session key signed by owner '%s' for chain %d and escrow '%s', but the signature says something else"
                            .formatted(key.owner(), domain.chainId(), domain.escrow()));
        }
        var second = now.getEpochSecond();
        if (second < key.notBefore() || second > key.expiresAt()) {
            return no(
                    ErrorCode.UNAUTHENTICATED,
                    "Expected a session key that is good now, but it is good from %d to %d"
                            .formatted(key.notBefore(), key.expiresAt()));
        }
        var elsewhere = origins.refusal(hello.origin());
        if (elsewhere.isPresent()) {
            return elsewhere;
        }
        if (!Signatures.isMessageBy(
                key.key(), AgentLogin.message(hello.origin(), hub, nonce), hello.nonceSignature())) {
            return no(
                    ErrorCode.UNAUTHENTICATED,
                    "Expected the nonce signed by session key '%s', but the signature says something else"
                            .formatted(key.key()));
        }
        if (hello.agentVersion().length() > LONGEST_TEXT) {
            return no(ErrorCode.TOO_LARGE, "Expected 'agentVersion' of at most %d characters".formatted(LONGEST_TEXT));
        }
        return offer(hello.offer());
    }

    /** An offer of a size that can be kept and shown. */
    public static Optional<Rejected> offer(Offer offer) {
        var hardware = offer.hardware();
        if (Stream.<Collection<?>>of(offer.numericClasses(), offer.images(), offer.gpus(), hardware.features())
                .anyMatch(list -> list.size() > MOST_ENTRIES)) {
            return no(
                    ErrorCode.TOO_LARGE,
                    "Expected at most %d entries in each list of the offer, but there are more"
                            .formatted(MOST_ENTRIES));
        }
        var texts = Stream.of(
                Stream.of(offer.region(), hardware.os(), hardware.arch(), hardware.cpuModel()),
                hardware.features().stream(),
                offer.images().stream().map(ImageClass::kernels),
                offer.gpus().stream().flatMap(gpu -> Stream.of(gpu.model(), gpu.computeCapability(), gpu.driver())));
        if (texts.flatMap(text -> text).anyMatch(text -> text.length() > LONGEST_TEXT)) {
            return no(
                    ErrorCode.TOO_LARGE,
                    "Expected texts of at most %d characters in the offer, but one is longer".formatted(LONGEST_TEXT));
        }
        if (offer.slots() < 0
                || offer.slots() > MOST_SLOTS
                || offer.cpus() < 0
                || offer.memory() < 0
                || offer.disk() < 0
                || offer.images().stream().anyMatch(held -> held.flopsPerSecond() < 0)) {
            return no(
                    ErrorCode.MALFORMED,
                    "Expected an offer of 0 to %d slots and no negative size, but it has others".formatted(MOST_SLOTS));
        }
        if (Stream.of(offer.perMillionTokens(), offer.perHour())
                .anyMatch(price -> price.value().bitLength() > SpecLimits.PRICE_BITS)) {
            // a larger one would overflow the price of a job, and with it everybody's quotes
            return no(
                    ErrorCode.MALFORMED,
                    "Expected prices below 2^%d in the offer, but one is higher".formatted(SpecLimits.PRICE_BITS));
        }
        return Optional.empty();
    }

    /**
     * What a message about an assignment must keep against that assignment.
     *
     * @param key the session key that speaks for this attempt to its end
     */
    public static Optional<Rejected> aboutAttempt(
            AgentMessage message, Assignment assignment, SessionKey key, Domain domain) {
        var hash = assignment.digest(domain);
        return switch (message) {
            case AgentMessage.Accept m -> signed(new Acceptance(hash).digest(domain), key, m.signature(), "acceptance");
            case AgentMessage.Commit m ->
                border(assignment, m.commitment().toBorder())
                        .or(() -> signed(m.commitment().digest(domain), key, m.signature(), "commitment"));
            case AgentMessage.Reveal m ->
                border(assignment, m.border())
                        .or(() -> assignment.role() == Role.AUDITOR ? auditorsReveal(m) : reveal(m));
            case AgentMessage.Checkpoint m -> border(assignment, m.border());
            case AgentMessage.VerdictSigned m ->
                auditor(assignment).or(() -> signed(m.verdict().digest(domain), key, m.signature(), "verdict"));
            case AgentMessage.VerdictRefused m -> auditor(assignment).or(() -> detail(m.detail()));
            case AgentMessage.Decline m -> detail(m.detail());
            case AgentMessage.Failed m -> detail(m.detail());
            case AgentMessage.Hello _, AgentMessage.OfferChanged _, AgentMessage.Heartbeat _, AgentMessage.Progress _ ->
                Optional.empty();
        };
    }

    /** A detail as it is stored: it will be shown to people, whose terminals obey what is in a text. */
    public static String shown(String detail) {
        return PlainText.line(detail);
    }

    /** What an auditor opens is compared, never delivered: no file stands behind it. */
    private static Optional<Rejected> auditorsReveal(AgentMessage.Reveal reveal) {
        return reveal.outputs() == null && reveal.checkpoint() == null
                ? segments(reveal)
                : no(
                        ErrorCode.MALFORMED,
                        "Expected an auditor to name no uploaded files, but it names '%s' and '%s'"
                                .formatted(reveal.outputs(), reveal.checkpoint()));
    }

    private static Optional<Rejected> segments(AgentMessage.Reveal reveal) {
        return reveal.segments().size() > MOST_SEGMENTS
                ? no(ErrorCode.TOO_LARGE, "Expected at most %d segments, but there are more".formatted(MOST_SEGMENTS))
                : Optional.empty();
    }

    private static Optional<Rejected> reveal(AgentMessage.Reveal reveal) {
        var tooMany = segments(reveal);
        if (tooMany.isPresent()) {
            return tooMany;
        }
        var outputs = reveal.outputs();
        var promised = reveal.opening().outputDigest();
        var given = outputs == null ? Digest.ZERO : outputs.digest();
        if (!given.equals(promised)) {
            return no(
                    ErrorCode.BAD_OPENING,
                    "Expected the uploaded outputs to be '%s' as the opening says, but they are '%s'"
                            .formatted(promised, given));
        }
        return Optional.empty();
    }

    private static Optional<Rejected> border(Assignment assignment, int border) {
        var allOrNothing = assignment.toBorder() == assignment.fromBorder();
        if (allOrNothing
                ? border == assignment.toBorder()
                : border > assignment.fromBorder() && border <= assignment.toBorder()) {
            return Optional.empty();
        }
        return no(
                ErrorCode.MALFORMED,
                "Expected a border of the assignment, %d to %d, but it is %d"
                        .formatted(assignment.fromBorder(), assignment.toBorder(), border));
    }

    private static Optional<Rejected> auditor(Assignment assignment) {
        return assignment.role() == Role.AUDITOR
                ? Optional.empty()
                : no(
                        ErrorCode.WRONG_STATE,
                        "Expected a verdict of an auditor, but attempt %d is a %s"
                                .formatted(
                                        assignment.attempt(),
                                        assignment.role().name().toLowerCase(Locale.ROOT)));
    }

    private static Optional<Rejected> signed(Digest digest, SessionKey key, Signature signature, String what) {
        return Signatures.isBy(key.key(), digest, signature)
                ? Optional.empty()
                : no(
                        ErrorCode.BAD_SIGNATURE,
                        "Expected the %s signed by session key '%s' of the assignment, but the signature says something else"
                                .formatted(what, key.key()));
    }

    private static Optional<Rejected> detail(String detail) {
        return detail.length() <= LONGEST_DETAIL
                ? Optional.empty()
                : no(
                        ErrorCode.TOO_LARGE,
                        "Expected 'detail' of at most %d characters, but it is longer".formatted(LONGEST_DETAIL));
    }

    private static Optional<Rejected> no(ErrorCode code, String detail) {
        return Optional.of(new Rejected(code, detail));
    }
}
