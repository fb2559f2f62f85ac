package io.perigee.protocol.result;

import io.perigee.protocol.Samples;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Plays a whole job between real keys and keeps the evidence. */
final class TestBundle {
    private static final String ZERO_ID = "sha256:" + "0".repeat(64);
    private static final String SPEC = """
      {"version":1,"name":"x","trainer":"strict","image":"%1$s","imageSource":"trainer","base":"%1$s","dataset":"%1$s",
       "method":{"kind":"lora","r":8,"alpha":16,"dropout":"0","targets":["q_proj"]},
       "train":{"steps":20,"microBatch":4,"gradAccum":1,"seqLen":64,"lr":"0.0002","scheduler":"cosine","warmupSteps":0,"seed":7,"dtype":"float32",
        "objective":"sft","lossOn":"completions","dpoBeta":"0","optimizer":"adamw","weightDecay":"0","maxGradNorm":"0","packing":false,"gradCheckpointing":false},
       "segments":{"stepsPerSegment":8},"data":{"format":"auto","maxBadRows":0,"heldOut":"0","evalFile":""},"outputs":{"merged":false,"gguf":[]},
       "resources":{"gpu":{"count":0,"vramMin":0,"models":[]},"cpu":1,"memory":1000000000,"disk":1000000000},
       "placement":{"regions":[],"minReputation":"0","excludeOwners":[],"numericClass":"any"},
       "price":{"max":"2500000"},"deadlines":{"queue":600,"run":7200,"upload":900},
       "verification":{"policy":"replicate","replicas":2}}""".formatted(ZERO_ID);

    private final Samples samples = new Samples(42);
    private final KeyPair builder = key();
    private final KeyPair hub = key();
    private final List<KeyPair> owners = List.of(key(), key(), key());
    private final Domain domain = new Domain(31337, key().address());
    private final JobSpec spec = Json.read(SPEC, JobSpec.class);
    private final JobOrder order = new JobOrder(
            builder.address(),
            hub.address(),
            samples.of(JobId.class),
            SpecHash.of(spec),
            key().address(),
            spec.price().max(),
            3,
            2,
            true,
            1_790_000_000,
            1_790_010_000);
    private final Digest orderHash = order.digest(domain);

    Bundle accepted(int... winners) {
        return bundle(
                Arrays.stream(winners).mapToObj(owner -> run(owner, "honest")).toList(), List.of());
    }

    Bundle acceptedAgainst(int cheater, int... winners) {
        return bundle(
                Arrays.stream(winners).mapToObj(owner -> run(owner, "honest")).toList(),
                List.of(run(cheater, "forged")));
    }

    /** Everything is signed and sealed, but the assignments end at border 2. */
    Bundle beyondTheAssignment() {
        return bundle(List.of(run(0, "honest", 2), run(1, "honest", 2)), List.of());
    }

    private Bundle bundle(List<RunEvidence> winners, List<RunEvidence> contradictors) {
        return new Bundle(
                1,
                domain,
                spec,
                order,
                builder.sign(orderHash),
                "accepted",
                new Payable(3, winners, contradictors),
                List.of("0xabc"));
    }

    private RunEvidence run(int owner, String work) {
        return run(owner, work, 3);
    }

    private RunEvidence run(int owner, String work, int assignedTo) {
        var wallet = owners.get(owner);
        var session = key();
        var provider = ProviderId.of(samples.bytes(32));
        var assignment = new Assignment(
                orderHash,
                owner,
                provider,
                wallet.address(),
                Role.REPLICA,
                0,
                assignedTo,
                NumericClass.STRICT,
                Amount.of(500_000),
                Amount.of(500_000),
                Digest.ZERO,
                1_790_000_100,
                1_790_005_000);
        var assignmentHash = assignment.digest(domain);
        var sessionKey = new SessionKey(
                wallet.address(), provider, session.address(), hub.address(), 1, 1_789_000_000, 1_799_000_000);
        var segments = new ArrayList<>(IntStream.rangeClosed(1, 3)
                .mapToObj(border -> segment(border, work))
                .toList());
        var tree = MerkleTree.of(
                segments.stream().map(hashes -> hashes.leaf(orderHash)).toList());
        var opening = new Opening(
                tree.root(), 3, content(work + "outputs").digest(), Salts.derive(session, assignmentHash, 3));
        var commitment = new Commitment(assignmentHash, 3, Seal.of(assignmentHash, 3, opening));
        var receipt = new Receipt(commitment.digest(domain), 1_790_003_000, 0);
        return new RunEvidence(
                assignment,
                hub.sign(assignmentHash),
                session.sign(new Acceptance(assignmentHash).digest(domain)),
                sessionKey,
                wallet.sign(sessionKey.digest(domain)),
                commitment,
                session.sign(commitment.digest(domain)),
                receipt,
                hub.sign(receipt.digest(domain)),
                opening,
                segments);
    }

    private static SegmentHashes segment(int border, String work) {
        var made = border == 1 ? "honest" : work;
        return new SegmentHashes(
                border,
                content(made + border + "a"),
                content(made + border + "o"),
                content(made + border + "s"),
                content(made + border + "m"));
    }

    private static ContentId content(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private KeyPair key() {
        return KeyPair.ofSecret(samples.bytes(32));
    }
}
