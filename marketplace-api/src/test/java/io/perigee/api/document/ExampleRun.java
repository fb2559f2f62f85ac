package io.perigee.api.document;

import static io.perigee.api.document.ExampleParties.DOMAIN;
import static io.perigee.api.document.ExampleParties.HUB;
import static io.perigee.api.document.ExampleParties.content;

import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.AbiWords;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.offer.Hardware;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.result.MerkleTree;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.protocol.result.Salts;
import io.perigee.protocol.result.Seal;
import io.perigee.protocol.result.SegmentHashes;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One honest attempt at the example's job, with everything it signs.
 *
 * @param owner the vectors' name of the owner's wallet
 * @param session the vectors' name of the session key
 */
record ExampleRun(int attempt, String owner, String session) {
    static final List<String> FILES =
            List.of("adapter.safetensors", "optimizer.safetensors", "state.json", "metrics.jsonl");

    KeyPair wallet() {
        return ExampleParties.key(owner);
    }

    KeyPair key() {
        return ExampleParties.key(session);
    }

    /** What the owner registered the provider with. */
    Digest registrationSalt() {
        return ExampleParties.digest("registration of " + session);
    }

    /** As the registry derives it: keccak256(abi.encode(owner, salt)). */
    ProviderId provider() {
        var id = new AbiWords()
                .address(wallet().address())
                .digest(registrationSalt())
                .keccak();
        return ProviderId.parse(id.value());
    }

    SessionKey sessionKey() {
        long start = ExampleJob.START.getEpochSecond();
        return new SessionKey(
                wallet().address(), provider(), key().address(), HUB.address(), 1, start - 3_600, start + 7_776_000);
    }

    Signature ownerSignature() {
        return ExampleParties.sign(wallet(), sessionKey().digest(DOMAIN));
    }

    Offer offer() {
        return new Offer(
                new Hardware("linux", "amd64", "AMD Ryzen 7 5800X", 16, List.of("avx2")),
                List.of(NumericClass.STRICT),
                List.of(),
                ExampleJob.PER_MILLION,
                Amount.of(1_000_000),
                1,
                8_000_000_000L,
                20_000_000_000L,
                8,
                List.of(),
                "eu-west");
    }

    Assignment assignment() {
        var price = Pricing.attempt(ExampleJob.SPEC, offer());
        long issuedAt = ExampleJob.at(5).getEpochSecond();
        return new Assignment(
                ExampleJob.ORDER_HASH,
                attempt,
                provider(),
                wallet().address(),
                Role.REPLICA,
                0,
                ExampleJob.SPEC.borders(),
                NumericClass.STRICT,
                price,
                Pricing.bond(price, ExampleJob.POLICY),
                Digest.ZERO,
                issuedAt,
                issuedAt + Pricing.leaseSeconds(ExampleJob.SPEC, ExampleJob.POLICY));
    }

    Digest hash() {
        return assignment().digest(DOMAIN);
    }

    Signature hubSignature() {
        return ExampleParties.sign(HUB, hash());
    }

    Signature acceptance() {
        return ExampleParties.sign(key(), new Acceptance(hash()).digest(DOMAIN));
    }

    SegmentHashes segment(int border) {
        var hashes = FILES.stream()
                .map(file -> content(ExampleJob.fileText(file, border)))
                .toList();
        return new SegmentHashes(border, hashes.get(0), hashes.get(1), hashes.get(2), hashes.get(3));
    }

    List<SegmentHashes> segments(int border) {
        return IntStream.rangeClosed(1, border).mapToObj(this::segment).toList();
    }

    Opening opening(int border) {
        var tree = MerkleTree.of(segments(border).stream()
                .map(segment -> segment.leaf(ExampleJob.ORDER_HASH))
                .toList());
        var outputs = border == ExampleJob.SPEC.borders()
                ? ExampleJob.OUTPUTS.digest().digest()
                : Digest.ZERO;
        return new Opening(tree.root(), tree.leafCount(), outputs, Salts.derive(key(), hash(), border));
    }

    Commitment commitment(int border) {
        return new Commitment(hash(), border, Seal.of(hash(), border, opening(border)));
    }

    Signature commitmentSignature(int border) {
        return ExampleParties.sign(key(), commitment(border).digest(DOMAIN));
    }

    Receipt receipt(int border) {
        return new Receipt(
                commitment(border).digest(DOMAIN),
                ExampleJob.at(30 + 10L * border + attempt).getEpochSecond(),
                0);
    }

    Signature receiptSignature(int border) {
        return ExampleParties.sign(HUB, receipt(border).digest(DOMAIN));
    }

    /** What this provider signs as an auditor of another's whole run. */
    Verdict verdict(ExampleRun of) {
        int last = ExampleJob.SPEC.borders();
        var opening = of.opening(last);
        return new Verdict(hash(), of.commitment(last).digest(DOMAIN), opening.root(), opening.outputDigest(), last);
    }

    Signature verdictSignature(ExampleRun of) {
        return ExampleParties.sign(key(), verdict(of).digest(DOMAIN));
    }

    /** The four files of a border, as a directory. */
    Manifest checkpoint(int border) {
        return new Manifest(FILES.stream()
                .map(file -> ExampleJob.entry(file, ExampleJob.fileText(file, border)))
                .toList());
    }

    RunEvidence evidence() {
        return evidence(ExampleJob.SPEC.borders());
    }

    RunEvidence evidence(int border) {
        return new RunEvidence(
                assignment(),
                hubSignature(),
                acceptance(),
                sessionKey(),
                ownerSignature(),
                commitment(border),
                commitmentSignature(border),
                receipt(border),
                receiptSignature(border),
                opening(border),
                segments(border));
    }

    /** The same ref for the same message, as an agent should make it. */
    UUID ref(String what) {
        return UUID.nameUUIDFromBytes(ExampleParties.bytes(hash() + "/" + what));
    }

    static Stream<ExampleRun> both() {
        return Stream.of(ExampleJob.FIRST, ExampleJob.SECOND);
    }
}
