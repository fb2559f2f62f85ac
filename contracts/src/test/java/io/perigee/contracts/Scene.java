package io.perigee.contracts;

import io.perigee.contracts.shape.EscrowShapes;
import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.datatypes.StaticStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint32;
import org.web3j.abi.datatypes.generated.Uint64;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Hash;

/** One market with a builder, a hub and owners; makes and signs every message as a Java party would. */
final class Scene {
    static final byte[] STRICT_CLASS = TypedData.keccak("perigee.class.strict.v1");
    static final byte[] NO_WORD = new byte[32];
    private static final String JOB_ORDER = "JobOrder(address builder,address hub,bytes32 jobId,bytes32 specHash,"
            + "address token,uint256 maxPayment,uint32 segments,uint8 quorum,bool direct,uint64 validAfter,uint64 deadline)";
    private static final String ASSIGNMENT =
            "Assignment(bytes32 orderHash,uint32 attempt,bytes32 provider,address owner,"
                    + "uint8 role,uint32 fromBorder,uint32 toBorder,bytes32 numericClass,uint256 price,uint256 bond,"
                    + "bytes32 secretHash,uint64 issuedAt,uint64 leaseUntil)";
    private static final String SESSION_KEY = "SessionKey(address owner,bytes32 provider,address key,address hub,"
            + "uint32 serial,uint64 notBefore,uint64 expiresAt)";

    /** Somebody who stands behind one provider. */
    record Owner(Credentials wallet, Credentials session, byte[] provider) {}

    final Deployment deployment;
    final TypedData typed;
    final Credentials builder = credentials("builder");
    final Credentials hub = credentials("hub");

    Scene(Deployment deployment) {
        this.deployment = deployment;
        this.typed = new TypedData(deployment.chainId(), deployment.escrow());
    }

    static Credentials credentials(String name) {
        return Credentials.create(ECKeyPair.create(TypedData.keccak("perigee.test." + name)));
    }

    static Owner owner(int number) {
        Credentials wallet = credentials("owner" + number);
        byte[] provider = Hash.sha3(
                TypedData.words(new org.web3j.abi.datatypes.Address(wallet.getAddress()), new Bytes32(salt(number))));
        return new Owner(wallet, credentials("session" + number), provider);
    }

    static byte[] salt(int number) {
        return TypedData.keccak("salt" + number);
    }

    Escrow.JobOrder order(String job, long maxPayment, int segments, int quorum, long from, long deadline) {
        return new Escrow.JobOrder(
                builder.getAddress(),
                hub.getAddress(),
                TypedData.keccak(job),
                TypedData.keccak("spec"),
                deployment.token(),
                number(maxPayment),
                number(segments),
                number(quorum),
                true,
                number(from),
                number(deadline));
    }

    Escrow.Assignment assignment(
            Escrow.JobOrder order, Owner owner, int attempt, long price, long bond, long leaseUntil) {
        return new Escrow.Assignment(
                orderHash(order),
                number(attempt),
                owner.provider(),
                owner.wallet().getAddress(),
                BigInteger.ZERO,
                BigInteger.ZERO,
                order.segments,
                STRICT_CLASS,
                number(price),
                number(bond),
                TypedData.keccak("secret"),
                order.validAfter,
                number(leaseUntil));
    }

    /** A run to {@code border} with everything signed by who must sign it. */
    Escrow.Run run(
            Escrow.JobOrder order, Escrow.Assignment assignment, Owner owner, int border, byte[] root, byte[] output) {
        Escrow.SessionKey key = new Escrow.SessionKey(
                owner.wallet().getAddress(),
                owner.provider(),
                owner.session().getAddress(),
                hub.getAddress(),
                BigInteger.ONE,
                BigInteger.ZERO,
                order.deadline);
        byte[] assignmentHash = assignmentHash(assignment);
        byte[] saltWord = TypedData.keccak("salt of " + owner.wallet().getAddress() + border);
        byte[] seal = Hash.sha3(TypedData.words(
                new Bytes32(assignmentHash),
                new Uint32(border),
                new Bytes32(root),
                new Uint32(border),
                new Bytes32(output),
                new Bytes32(saltWord)));
        byte[] commitmentHash = typed.digest(
                "Commitment(bytes32 assignmentHash,uint32 toBorder,bytes32 seal)",
                new Bytes32(assignmentHash),
                new Uint32(border),
                new Bytes32(seal));
        BigInteger receivedAt = order.validAfter;
        BigInteger drawBlock = BigInteger.TEN;
        return new Escrow.Run(
                assignment,
                key,
                new Escrow.Opening(number(border), root, number(border), output, saltWord),
                receivedAt,
                drawBlock,
                signed(hub, assignmentHash),
                signed(owner.wallet(), digest(SESSION_KEY, key)),
                signed(
                        owner.session(),
                        typed.digest("Acceptance(bytes32 assignmentHash)", new Bytes32(assignmentHash))),
                signed(owner.session(), commitmentHash),
                signed(
                        hub,
                        typed.digest(
                                "Receipt(bytes32 commitmentHash,uint64 receivedAt,uint64 drawBlock)",
                                new Bytes32(commitmentHash),
                                new Uint64(receivedAt),
                                new Uint64(drawBlock))));
    }

    Escrow.Release release(Escrow.JobOrder order, Escrow.Assignment assignment, String payee, long amount) {
        return new Escrow.Release(orderHash(order), assignmentHash(assignment), payee, number(amount));
    }

    Escrow.Signature signedByBuilder(Escrow.JobOrder order) {
        return signed(builder, orderHash(order));
    }

    Escrow.Signature signedByBuilder(Escrow.Release release) {
        return signed(
                builder,
                digest("Release(bytes32 orderHash,bytes32 assignmentHash,address payee,uint256 amount)", release));
    }

    Escrow.Signature signedByHub(Escrow.Assignment assignment) {
        return signed(hub, assignmentHash(assignment));
    }

    byte[] orderHash(Escrow.JobOrder order) {
        return digest(JOB_ORDER, order);
    }

    byte[] assignmentHash(Escrow.Assignment assignment) {
        return digest(ASSIGNMENT, assignment);
    }

    static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }

    private byte[] digest(String typeString, StaticStruct message) {
        List<Type> fields = message.getValue();
        return typed.digest(typeString, fields.toArray(Type<?>[]::new));
    }

    private static Escrow.Signature signed(Credentials by, byte[] digest) {
        return EscrowShapes.signature(TypedData.sign(by.getEcKeyPair(), digest));
    }
}
