package io.perigee.contracts;

import static io.perigee.contracts.Scene.NO_WORD;
import static io.perigee.contracts.Scene.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.contracts.Scene.Owner;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.tx.TransactionManager;

/** The wrappers against the real contracts on a real chain: what Java signs and encodes is what Solidity reads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EscrowIT {
    private static final long WINDOW = 20;
    private static final long PRICE = 1_000_000;
    private static final long BOND = 400_000;
    private static final long STAKE = 1_000_000;
    private static final long LIFE = 600;
    private static final byte[] ROOT = TypedData.keccak("root");
    private static final byte[] OUTPUT = TypedData.keccak("output");

    private Anvil anvil;
    private Deployment deployment;
    private Scene scene;
    private final List<Owner> owners = List.of(Scene.owner(1), Scene.owner(2), Scene.owner(3));

    @BeforeAll
    void startMarket() throws Exception {
        anvil = Anvil.start();
        Credentials deployer = funded(Scene.credentials("deployer"));
        deployment = Deployment.deploy(anvil.web3j, deployer, Duration.ofSeconds(WINDOW), Duration.ofHours(1));
        scene = new Scene(deployment);
        funded(scene.builder);
        TestToken token = deployment.token(anvil.web3j, manager(deployer));
        token.mint(scene.builder.getAddress(), number(100 * PRICE)).send();
        for (int i = 0; i < owners.size(); i++) {
            Owner owner = owners.get(i);
            funded(owner.wallet());
            token.mint(owner.wallet().getAddress(), number(STAKE)).send();
            deployment
                    .token(anvil.web3j, manager(owner.wallet()))
                    .approve(deployment.registry(), number(STAKE))
                    .send();
            ProviderRegistry registry = deployment.registry(anvil.web3j, manager(owner.wallet()));
            registry.register(Scene.salt(i + 1)).send();
            registry.stake(number(STAKE)).send();
            assertThat(registry.ownerOf(owner.provider()).send())
                    .isEqualTo(owner.wallet().getAddress());
        }
        deployment
                .token(anvil.web3j, manager(scene.builder))
                .approve(deployment.escrow(), number(100 * PRICE))
                .send();
        byBuilder().deposit(deployment.token(), number(50 * PRICE)).send();
        byBuilder()
                .allot(scene.hub.getAddress(), deployment.token(), number(40 * PRICE))
                .send();
    }

    @AfterAll
    void stopMarket() {
        if (anvil != null) {
            anvil.close();
        }
    }

    @Test
    void shouldComputeTheSameHashesAsTheContract() throws Exception {
        // given
        Escrow.JobOrder order = anOrder("hashes", 10 * PRICE, 30, 2);
        Escrow.Assignment assignment = anAssignment(order, owners.getFirst(), 1);

        // when
        byte[] orderHash = byBuilder().hashOrder(order).send();
        byte[] assignmentHash = byBuilder().hashAssignment(assignment).send();

        // then
        assertThat(orderHash).isEqualTo(scene.orderHash(order));
        assertThat(assignmentHash).isEqualTo(scene.assignmentHash(assignment));
    }

    @Test
    void shouldPayTheQuorumAndBurnTheBondOfTheOneThatContradicts() throws Exception {
        // given
        Escrow.JobOrder order = anOrder("quorum", 3 * PRICE, 30, 2);
        List<Escrow.Assignment> assignments = List.of(
                anAssignment(order, owners.get(0), 1),
                anAssignment(order, owners.get(1), 2),
                anAssignment(order, owners.get(2), 3));
        List<Escrow.Run> agreeing = List.of(
                scene.run(order, assignments.get(0), owners.get(0), 30, ROOT, OUTPUT),
                scene.run(order, assignments.get(1), owners.get(1), 30, ROOT, OUTPUT));
        Escrow.Run forged = scene.run(order, assignments.get(2), owners.get(2), 30, TypedData.keccak("forged"), OUTPUT);
        BigInteger held = balance(deployment.escrow());
        BigInteger allotted = allotment();
        BigInteger before1 = balance(owners.get(0).wallet().getAddress());
        BigInteger before3 = balance(owners.get(2).wallet().getAddress());

        // when
        TransactionReceipt receipt = byBuilder()
                .direct(order, scene.signedByBuilder(order), agreeing, List.of(forged))
                .send();

        // then
        assertThat(Escrow.getCreditedEvents(receipt)).hasSize(2).allSatisfy(credited -> {
            assertThat(credited.orderHash).isEqualTo(scene.orderHash(order));
            assertThat(credited.amount).isEqualTo(number(PRICE));
        });
        assertThat(Escrow.getBondBurnedEvents(receipt)).singleElement().satisfies(burned -> {
            assertThat(burned.owner).isEqualTo(owners.get(2).wallet().getAddress());
            assertThat(burned.amount).isEqualTo(number(BOND));
        });
        assertThat(byBuilder().spent(scene.orderHash(order)).send()).isEqualTo(number(2 * PRICE));
        assertThat(allotment()).isEqualTo(allotted.subtract(number(2 * PRICE)));
        assertThat(balance(deployment.escrow()))
                .as("reserved money stays until collected")
                .isEqualTo(held);

        // and: it matures after W, not before
        List<byte[]> hashes =
                assignments.subList(0, 2).stream().map(scene::assignmentHash).toList();
        assertThatThrownBy(() -> byBuilder().collect(hashes).send()).hasMessageContaining("revert");
        anvil.pass(WINDOW);
        byBuilder().collect(hashes).send();
        assertThat(balance(owners.get(0).wallet().getAddress())).isEqualTo(before1.add(number(PRICE)));
        assertThat(balance(owners.get(2).wallet().getAddress())).isEqualTo(before3);
        assertThat(balance(deployment.escrow())).isEqualTo(held.subtract(number(2 * PRICE)));
        assertThat(deployment
                        .registry(anvil.web3j, manager(scene.builder))
                        .stakeOf(owners.get(2).wallet().getAddress())
                        .send())
                .isEqualTo(number(STAKE - BOND));
    }

    @Test
    void shouldEncodeACallWithoutContradictingRuns() throws Exception {
        // given
        Escrow.JobOrder order = anOrder("nobody contradicts", 3 * PRICE, 0, 1);
        Escrow.Assignment assignment = anAssignment(order, owners.getFirst(), 1);
        Escrow.Run run = withoutLeaves(order, assignment, owners.getFirst());

        // when
        TransactionReceipt receipt = byBuilder()
                .direct(order, scene.signedByBuilder(order), List.of(run), List.of())
                .send();

        // then
        assertThat(Escrow.getAgreedEvents(receipt)).hasSize(1);
        assertThat(byBuilder()
                        .paid(scene.orderHash(order), scene.assignmentHash(assignment))
                        .send())
                .isEqualTo(number(PRICE));
    }

    @Test
    void shouldPayASingleOpeningAfterTheDeadlineFromARecordedCommitment() throws Exception {
        // given
        Escrow.JobOrder order = anOrder("hub is gone", 3 * PRICE, 30, 1);
        Escrow.Assignment assignment = anAssignment(order, owners.get(1), 1);
        Escrow.Run run = scene.run(order, assignment, owners.get(1), 15, ROOT, NO_WORD);
        run = new Escrow.Run(
                run.assignment,
                run.key,
                run.opening,
                BigInteger.ZERO,
                BigInteger.ZERO,
                run.hubSignature,
                run.keySignature,
                run.acceptanceSignature,
                run.commitmentSignature,
                new Escrow.Signature(NO_WORD, NO_WORD));
        byte[] assignmentHash = scene.assignmentHash(assignment);
        byte[] seal = Hash.sha3(TypedData.words(
                new org.web3j.abi.datatypes.generated.Bytes32(assignmentHash),
                new org.web3j.abi.datatypes.generated.Uint32(15),
                new org.web3j.abi.datatypes.generated.Bytes32(ROOT),
                new org.web3j.abi.datatypes.generated.Uint32(15),
                new org.web3j.abi.datatypes.generated.Bytes32(NO_WORD),
                new org.web3j.abi.datatypes.generated.Bytes32(run.opening.salt)));
        TransactionReceipt recorded = byBuilder()
                .recordCommitment(new Escrow.Commitment(assignmentHash, number(15), seal))
                .send();
        anvil.pass(LIFE + 1);

        // when
        TransactionReceipt receipt =
                byBuilder().open(order, scene.signedByBuilder(order), run).send();

        // then
        assertThat(Escrow.getCommitmentRecordedEvents(recorded)).hasSize(1);
        assertThat(Escrow.getOpeningRecordedEvents(receipt))
                .singleElement()
                .satisfies(opened -> assertThat(opened.tally).isEqualTo(BigInteger.ONE));
        assertThat(Escrow.getCreditedEvents(receipt)).singleElement().satisfies(credited -> assertThat(credited.amount)
                .isEqualTo(number(PRICE / 2)));
    }

    @Test
    void shouldPayAtOnceWhatTheBuilderReleases() throws Exception {
        // given
        Escrow.JobOrder order = anOrder("released", 3 * PRICE, 30, 2);
        Owner owner = owners.getFirst();
        Escrow.Assignment assignment = anAssignment(order, owner, 1);
        Escrow.Release release = scene.release(order, assignment, owner.wallet().getAddress(), PRICE);
        Escrow byOwner = deployment.escrow(anvil.web3j, manager(owner.wallet()));
        String wallet = owner.wallet().getAddress();
        BigInteger before = byOwner.balanceOf(wallet, deployment.token()).send();

        // when
        byOwner.release(order, assignment, scene.signedByHub(assignment), release, scene.signedByBuilder(release))
                .send();

        // then
        assertThat(byOwner.balanceOf(wallet, deployment.token()).send()).isEqualTo(before.add(number(PRICE)));
    }

    private Escrow.Run withoutLeaves(Escrow.JobOrder order, Escrow.Assignment assignment, Owner owner) {
        return scene.run(order, assignment, owner, 0, NO_WORD, OUTPUT);
    }

    private Escrow.JobOrder anOrder(String job, long maxPayment, int segments, int quorum) throws IOException {
        long now = anvil.now();
        return scene.order(job, maxPayment, segments, quorum, now, now + LIFE);
    }

    private Escrow.Assignment anAssignment(Escrow.JobOrder order, Owner owner, int attempt) {
        return scene.assignment(order, owner, attempt, PRICE, BOND, order.deadline.longValueExact() - WINDOW);
    }

    private BigInteger allotment() throws Exception {
        return byBuilder()
                .allotment(scene.builder.getAddress(), scene.hub.getAddress(), deployment.token())
                .send();
    }

    private BigInteger balance(String address) throws Exception {
        return deployment
                .token(anvil.web3j, manager(scene.builder))
                .balanceOf(address)
                .send();
    }

    private Escrow byBuilder() {
        return deployment.escrow(anvil.web3j, manager(scene.builder));
    }

    private TransactionManager manager(Credentials credentials) {
        return Deployment.manager(anvil.web3j, credentials, deployment == null ? 31337 : deployment.chainId());
    }

    private Credentials funded(Credentials credentials) throws IOException {
        anvil.giveEther(credentials.getAddress());
        return credentials;
    }
}
