package io.perigee.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.cli.DevMarket.Owner;
import io.perigee.cli.ethereum.CourtBook;
import io.perigee.contracts.Court;
import io.perigee.contracts.Deployment;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.MerkleTree;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.protocol.result.Salts;
import io.perigee.protocol.result.Seal;
import io.perigee.protocol.result.SegmentHashes;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.trainers.strict.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A market with judges, and a job that the strict trainer really ran: eight steps in four segments. */
final class CourtScene implements AutoCloseable {
    static final Path BASE = Path.of("../examples/quickstart/base");
    static final Path DATASET = Path.of("../examples/quickstart/dataset");
    static final long BOND = 400_000;
    static final long PRICE = 1_000_000;
    static final long FEE = 10_000;
    static final long ACCUSER_BOND = 28 * FEE;
    static final long TICKET = 1_000_000;
    static final long STAKE = 10_000_000;
    static final int BORDERS = 4;
    private static final int JUDGES = 8;

    final DevMarket market;
    final List<KeyPair> judges = IntStream.range(0, JUDGES)
            .mapToObj(i -> DevMarket.key("judge " + i))
            .toList();
    final KeyPair accuser = DevMarket.key("accuser");
    private final Path homes;
    private final Path trained;
    final JobSpec spec;
    final JobOrder order;
    private final Court reading;

    CourtScene(Path homes) {
        this.homes = homes;
        this.trained = Trained.ROOT;
        this.market = new DevMarket(homes);
        market.open(50_000_000);
        spec = spec();
        order = new JobOrder(
                market.builder.address(),
                market.hub.address(),
                new JobId(Uuid7.of(
                        Instant.ofEpochSecond(1_700_000_000),
                        Arrays.copyOf(DevMarket.word("a job").bytes(), Uuid7.RANDOM_BYTES))),
                SpecHash.of(spec),
                market.token(),
                Amount.of(3 * PRICE),
                BORDERS,
                2,
                true,
                market.time() - 10,
                market.time() + 600);
        reading = court(market.builder);
        market.fund(accuser);
        for (var owner : market.owners) {
            market.ask(owner, "stake", "10");
        }
        for (var judge : judges) {
            market.fund(judge);
            DevMarket.sent(() -> market.deployment
                    .token(market.web3j, market.manager(judge))
                    .approve(reading.getContractAddress(), BigInteger.valueOf(TICKET))
                    .send());
            DevMarket.sent(() -> court(judge).enlist(BigInteger.ONE).send());
        }
    }

    // ---- the job

    /** Once for all tests of this program run. */
    private static final class Trained {
        static final Path ROOT = train();

        static Path train() {
            try {
                var root = Files.createTempDirectory(Path.of("target"), "court-");
                CourtScene.train(root);
                return root;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Runs the whole job, into a directory. */
    private static void train(Path root) throws IOException, InterruptedException {
        for (var part : List.of("inputs", "checkpoints", "outputs")) {
            Files.createDirectories(root.resolve(part));
        }
        Files.createSymbolicLink(root.resolve("inputs/base"), BASE.toRealPath());
        Files.createSymbolicLink(root.resolve("inputs/dataset"), DATASET.toRealPath());
        Files.write(root.resolve("job.json"), CanonicalJson.bytes(spec()));
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                strict(),
                "io.perigee.trainers.strict.Main");
        builder.environment().put("PERIGEE_ROOT", root.toString());
        var run = builder.redirectErrorStream(true)
                .redirectOutput(root.resolve("log").toFile())
                .start();
        if (!run.waitFor(240, TimeUnit.SECONDS) || run.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(root.resolve("log")));
        }
    }

    /** The trainer and the one library it needs. */
    static String strict() {
        return place(Main.class) + File.pathSeparator + place(JsonFactory.class);
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JobSpec spec() {
        try {
            var spec = (ObjectNode) Json.tree(SampleJobs.strict(2));
            spec.put("base", Manifest.ofDirectory(BASE).digest().value());
            spec.put("dataset", Manifest.ofDirectory(DATASET).digest().value());
            return Json.read((JsonNode) spec, JobSpec.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path checkpoint(int border) {
        return trained.resolve("checkpoints").resolve(Integer.toString(border));
    }

    /** What honest runs come to. */
    List<SegmentHashes> trueLeaves() {
        return IntStream.rangeClosed(1, BORDERS)
                .mapToObj(border -> new SegmentHashes(
                        border,
                        file(border, "adapter.safetensors"),
                        file(border, "optimizer.safetensors"),
                        file(border, "state.json"),
                        file(border, "metrics.jsonl")))
                .toList();
    }

    /** The same up to a border, and from it on what nobody ran. */
    List<SegmentHashes> forgedFrom(int border) {
        return trueLeaves().stream()
                .map(hashes -> hashes.border() < border
                        ? hashes
                        : new SegmentHashes(
                                hashes.border(),
                                Sha256.of(("forged " + hashes.border()).getBytes()),
                                hashes.optimizer(),
                                hashes.state(),
                                hashes.metrics()))
                .toList();
    }

    private ContentId file(int border, String name) {
        try {
            return Sha256.of(checkpoint(border).resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- runs and proofs

    RunEvidence run(Owner owner, List<SegmentHashes> leaves) {
        var orderHash = order.digest(market.domain);
        var assignment = new Assignment(
                orderHash,
                market.owners.indexOf(owner),
                owner.provider(),
                owner.address(),
                Role.REPLICA,
                0,
                BORDERS,
                NumericClass.STRICT,
                Amount.of(PRICE),
                Amount.of(BOND),
                Digest.ZERO,
                order.validAfter(),
                order.deadline());
        var hash = assignment.digest(market.domain);
        var key = new SessionKey(
                owner.address(),
                owner.provider(),
                owner.session().address(),
                market.hub.address(),
                1,
                0,
                order.deadline() + 1);
        var tree =
                MerkleTree.of(leaves.stream().map(leaf -> leaf.leaf(orderHash)).toList());
        var opening = new Opening(
                tree.root(),
                tree.leafCount(),
                DevMarket.word("output of " + tree.root()),
                Salts.derive(owner.session(), hash, BORDERS));
        var commitment = new Commitment(hash, BORDERS, Seal.of(hash, BORDERS, opening));
        var receipt = new Receipt(commitment.digest(market.domain), order.validAfter() + 5, 0);
        return new RunEvidence(
                assignment,
                market.hub.sign(hash),
                owner.session().sign(new Acceptance(hash).digest(market.domain)),
                key,
                owner.wallet().sign(key.digest(market.domain)),
                commitment,
                owner.session().sign(commitment.digest(market.domain)),
                receipt,
                market.hub.sign(receipt.digest(market.domain)),
                opening,
                leaves);
    }

    /** What 'perigee fetch' would have written. */
    Path proof(String name, List<RunEvidence> winners, List<RunEvidence> contradictors) {
        var bundle = new Bundle(
                Bundle.VERSION,
                market.domain,
                spec,
                order,
                market.builder.sign(order.digest(market.domain)),
                "accepted",
                new Payable(BORDERS, winners, contradictors),
                List.of());
        try {
            var directory = Files.createDirectories(homes.resolve(name));
            Files.write(directory.resolve("bundle.json"), Json.bytes(bundle));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- people

    CliRun perigee(KeyPair who, String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--rpc", market.anvil.url(), "--escrow", market.deployment.escrow()));
        all.addAll(List.of("--hub-address", market.hub.address().value()));
        return CliRun.of(home(who), Map.of("PERIGEE_STRICT", strict()), all.toArray(String[]::new));
    }

    Path home(KeyPair who) {
        return market.home(who.address().value(), who);
    }

    /** Accuses from a proof, the files of the job at hand. */
    CliRun accuse(KeyPair who, Path proof, Path target, String... more) {
        var words = new ArrayList<>(List.of(
                "court",
                "accuse",
                proof.toString(),
                "--to",
                target.toString(),
                "--base",
                BASE.toString(),
                "--dataset",
                DATASET.toString(),
                "--process",
                "--yes"));
        words.addAll(List.of(more));
        return perigee(who, words.toArray(String[]::new));
    }

    CliRun judge(KeyPair judge, Path files, String... more) {
        var words = new ArrayList<>(List.of("court", "judge", "0", "--case", files.toString(), "--process", "--once"));
        words.addAll(List.of(more));
        return perigee(judge, words.toArray(String[]::new));
    }

    /** Opens a vote that was kept in the judge's home. */
    CliRun opens(KeyPair judge) {
        return perigee(judge, "court", "judge", "0", "--once");
    }

    /** Into the time in which votes are opened. */
    void untilVotesAreOpened() {
        market.advance(DevMarket.WINDOW.dividedBy(2).plus(DevMarket.WINDOW.dividedBy(8)));
    }

    /** To when votes are counted, and counts them. */
    CliRun closes(long id) {
        market.advance(DevMarket.WINDOW.dividedBy(4));
        return perigee(accuser, "court", "close", Long.toString(id), "--yes");
    }

    CliRun draw(long id) {
        market.anvil.call("anvil_mine", 3);
        market.advance(DevMarket.WINDOW.dividedBy(8));
        return perigee(accuser, "court", "draw", Long.toString(id), "--yes");
    }

    /** Who sits, by seat. */
    List<KeyPair> bench(long id) {
        List<?> seated =
                DevMarket.sent(() -> reading.judgesOf(BigInteger.valueOf(id)).send());
        return seated.stream()
                .map(address -> judges.stream()
                        .filter(judge -> judge.address().value().equalsIgnoreCase(address.toString()))
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    /** A vote by the contract alone, as another program would send it. */
    void commits(long id, int seat, Digest leaf) {
        var judge = bench(id).get(seat);
        var commitment = CourtBook.commitment(id, judge.address(), leaf, DevMarket.word("salt"));
        DevMarket.sent(() -> court(judge)
                .commit(BigInteger.valueOf(id), BigInteger.valueOf(seat), commitment.bytes())
                .send());
    }

    void reveals(long id, int seat, Digest leaf) {
        DevMarket.sent(() -> court(bench(id).get(seat))
                .reveal(
                        BigInteger.valueOf(id),
                        BigInteger.valueOf(seat),
                        leaf.bytes(),
                        DevMarket.word("salt").bytes())
                .send());
    }

    Digest leaf(List<SegmentHashes> leaves, int border) {
        return leaves.get(border - 1).leaf(order.digest(market.domain));
    }

    long owed(KeyPair who) {
        return owed(who.address().value());
    }

    /** What nobody has, since nobody has the key. */
    long burned() {
        return owed("0x000000000000000000000000000000000000dEaD");
    }

    private long owed(String who) {
        return DevMarket.sent(() -> reading.owed(who).send()).longValueExact();
    }

    long stake(Owner owner) {
        return DevMarket.sent(() -> market.deployment
                        .registry(market.web3j, market.manager(owner.wallet()))
                        .stakeOf(owner.address().value())
                        .send())
                .longValueExact();
    }

    Court court(KeyPair who) {
        return Court.load(
                DevMarket.sent(() -> market.escrow(who).court().send()),
                market.web3j,
                market.manager(who),
                Deployment.gas(market.deployment.chainId()));
    }

    @Override
    public void close() {
        market.close();
    }
}
