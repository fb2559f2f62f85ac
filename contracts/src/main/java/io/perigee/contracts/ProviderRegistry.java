package io.perigee.contracts;

import io.reactivex.Flowable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import javax.annotation.processing.Generated;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.CustomError;
import org.web3j.abi.datatypes.Event;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.StaticStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint32;
import org.web3j.abi.datatypes.generated.Uint64;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.RemoteCall;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.response.BaseEventResponse;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.tuples.generated.Tuple2;
import org.web3j.tx.Contract;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.gas.ContractGasProvider;

/**
 * <p>Auto generated code.
 * <p><strong>Do not modify!</strong>
 * <p>Please use the <a href="https://docs.web3j.io/command_line.html">web3j command line tools</a>,
 * or the org.web3j.codegen.SolidityFunctionWrapperGenerator in the 
 * <a href="https://github.com/LFDT-web3j/web3j/tree/main/codegen">codegen module</a> to update.
 *
 * <p>Generated with web3j version 5.0.2.
 */
@SuppressWarnings("rawtypes")
@Generated("org.web3j.codegen.SolidityFunctionWrapperGenerator")
public class ProviderRegistry extends Contract {
    public static final String BINARY = "60e060405234801561000f575f5ffd5b5060405161185738038061185783398101604081905261002e91610079565b6001600160a01b0382166100555760405163d92e233d60e01b815260040160405180910390fd5b336080526001600160a01b039190911660a0526001600160401b031660c0526100c7565b5f5f6040838503121561008a575f5ffd5b82516001600160a01b03811681146100a0575f5ffd5b60208401519092506001600160401b03811681146100bc575f5ffd5b809150509250929050565b60805160a05160c0516117356101225f395f818161025201526104de01525f81816101a6015281816108bb01528181610a0801528181610cf40152610ef901525f81816103c30152818161072c01526107a001526117355ff3fe608060405234801561000f575f5ffd5b5060043610610127575f3560e01c8063a694fc3a116100a9578063e1fa8e841161006e578063e1fa8e84146103ab578063e2fdcc17146103be578063ecd9ba82146103e5578063f385523e146103f8578063fe7e05d51461042b575f5ffd5b8063a694fc3a1461029f578063acab1559146102b2578063c23a5cea14610329578063ced4cd2e1461033c578063ddc6bad914610398575f5ffd5b806378654dc5116100ef57806378654dc5146101e05780637dd564111461021257806385d9cbfb1461023a5780638b0b30ce1461024d5780639dc29fac1461028c575f5ffd5b80632e17de781461012b57806337ff1ebe14610140578063410459ad14610153578063426233601461016657806351ed6a30146101a1575b5f5ffd5b61013e6101393660046113b2565b61043e565b005b61013e61014e3660046113dc565b610570565b61013e61016136600461141c565b6106b1565b61018e61017436600461141c565b6001600160a01b03165f9081526004602052604090205490565b6040519081526020015b60405180910390f35b6101c87f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b039091168152602001610198565b6102026101ee3660046113b2565b60016020525f908152604090205460ff1681565b6040519015158152602001610198565b6101c86102203660046113b2565b5f602081905290815260409020546001600160a01b031681565b61018e61024836600461144b565b610723565b6102747f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160401b039091168152602001610198565b61018e61029a366004611465565b61078c565b61013e6102ad3660046113b2565b6108ef565b6103026102c03660046113dc565b5f82815260208181526040808320546002835281842063ffffffff86168552909252909120546001600160a01b03909116906001600160401b03169250929050565b604080516001600160a01b0390931683526001600160401b03909116602083015201610198565b61018e61033736600461141c565b61090b565b61037b61034a36600461141c565b6001600160a01b03165f908152600460205260409020600181015460029091015490916001600160401b0390911690565b604080519283526001600160401b03909116602083015201610198565b61018e6103a636600461148d565b610a3d565b61018e6103b93660046113b2565b610c29565b6101c87f000000000000000000000000000000000000000000000000000000000000000081565b61013e6103f336600461150b565b610ce7565b6102746104063660046113dc565b600260209081525f92835260408084209091529082529020546001600160401b031681565b6101c861043936600461141c565b610d35565b335f9081526004602052604081209082900361046d57604051631f2a200560e01b815260040160405180910390fd5b80548211156104a757805460405163936d426d60e01b81523360048201526024810184905260448101919091526064015b60405180910390fd5b81815f015f8282546104b99190611569565b9250508190555081816001015f8282546104d3919061157c565b9091555061050390507f00000000000000000000000000000000000000000000000000000000000000004261158f565b60028201805467ffffffffffffffff19166001600160401b03929092169182179055815460408051858152602081019290925281019190915233907ffde37cacda8b3524152ac28da3dddc4f6876f4d2fa8173724eb4d9c863b563a9906060015b60405180910390a25050565b5f828152602081905260409020546001600160a01b031633146105ce575f8281526020819052604090819020549051637f071b1960e01b8152600481018490526001600160a01b03909116602482015233604482015260640161049e565b5f82815260026020908152604080832063ffffffff851684529091529020546001600160401b031680156106335760405163cd529eff60e01b81526004810184905263ffffffff831660248201526001600160401b038216604482015260640161049e565b5f83815260026020908152604080832063ffffffff861680855290835292819020805467ffffffffffffffff1916426001600160401b0316908117909155815193845291830191909152339185917fa38f60b66b28497341c86e9686f25c2d534be0e3673872c4b926a6959859e6c3910160405180910390a3505050565b335f81815260036020526040902080546001600160a01b0319166001600160a01b0384161790556106e190610d35565b6001600160a01b0316336001600160a01b03167fb818a444791289034482ccd2bcd8339807038fb1f2f12de96a5dce76f631a9cd60405160405180910390a350565b5f6107866107507f0000000000000000000000000000000000000000000000000000000000000000610d66565b610767610762368690038601866115c4565b610e16565b60405161190160f01b8152600281019290925260228201526042902090565b92915050565b5f610795610e4a565b336001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016146107e05760405163b57ce6b160e01b815233600482015260240161049e565b6001600160a01b0383165f908152600460205260408120600181015490919061080a908590610e81565b90505f61082161081a8387611569565b8454610e81565b905081836001015f8282546108369190611569565b90915550508254819084905f9061084e908490611569565b9091555061085e9050818361157c565b83546040805183815260208101929092529195506001600160a01b038816917ff470d7f6c239014b63db190652ebe51433a828b65e06d9972143c34c2e2ca3bc910160405180910390a283156108e4576108e46001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001661dead86610e90565b505050610786610eca565b6108f7610e4a565b61090081610ef4565b610908610eca565b50565b5f610914610e4a565b50335f9081526004602052604090206001810154906001600160a01b0383166109505760405163d92e233d60e01b815260040160405180910390fd5b815f0361097057604051631f2a200560e01b815260040160405180910390fd5b60028101546001600160401b03164210156109b557600281015460405163104d109160e21b81526001600160401b03909116600482015242602482015260440161049e565b5f60018201556040518281526001600160a01b0384169033907fb7c918e0e249f999e965cafeb6c664271b3f4317d296461500e71da39f0cbda39060200160405180910390a3610a2f6001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000168484610e90565b50610a38610eca565b919050565b5f610a4784610723565b6020808601355f9081529081905260409020549091506001600160a01b0316801580610a915750610a7b602086018661141c565b6001600160a01b0316816001600160a01b031614155b15610adb5760208501803590610aa7908761141c565b60405163bfd8ae9b60e01b815260048101929092526001600160a01b0390811660248301528216604482015260640161049e565b5f8281526001602052604090205460ff1615610b0d5760405163f9726e0d60e01b81526004810183905260240161049e565b336001600160a01b03821614610b73575f610b29838686610f80565b50509050816001600160a01b0316816001600160a01b031614610b71576040516347f0dc3760e01b8152600481018490526001600160a01b038316602482015260440161049e565b505b5f82815260016020819052604091829020805460ff19169091179055610b9f906060870190870161141c565b6001600160a01b0390811690821660208701357f48f6c93ee86da0c444378f82aaabdb049e3b66ccf22c5347090960ee8fa752f6610be360808a0160608b0161141c565b610bf360a08b0160808c01611678565b604080516001600160a01b03909316835263ffffffff9091166020830152810187905260600160405180910390a4509392505050565b604080513360208201529081018290525f9060600160408051601f1981840301815291815281516020928301205f818152928390529120549091506001600160a01b031615610c8e576040516316e2c65960e01b81526004810182905260240161049e565b5f818152602081815260409182902080546001600160a01b03191633908117909155915184815283917f27cb545ad55368642d8be2e2a2ad967f2ec7fe106e2ac56d6bc281a89d5ee425910160405180910390a3919050565b610cef610e4a565b610d1d7f00000000000000000000000000000000000000000000000000000000000000008686868686610fc7565b610d2685610ef4565b610d2e610eca565b5050505050565b6001600160a01b038082165f908152600360205260408120549091168015610d5d5780610d5f565b825b9392505050565b604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527fd772b839529ca0f9d11b9133560ab5401ad7293f3de38aa0c5cb01b887d920d6918101919091527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201526001600160a01b03821660a08201525f9060c0015b604051602081830303815290604052805190602001209050919050565b5f7f47619ba59cc9fed4a0c5c28b39588f52044c2dc1033719cd2a933ac8efda7d9482604051602001610df9929190611691565b610e5261104a565b610e7f60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b9061108a565b565b5f828218828410028218610d5f565b610e9d8383836001611091565b610ec557604051635274afe760e01b81526001600160a01b038416600482015260240161049e565b505050565b610e7f5f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00610e79565b610f1e7f0000000000000000000000000000000000000000000000000000000000000000826110f3565b335f908152600460205260408120805490918391839190610f4090849061157c565b9091555050805460405133917f1449c6dd7851abc30abf37f57715f492010519147cc2652fbc38202c18a6ee909161056491868252602082015260400190565b5f80806041849003610fb4578435602086013560408701355f1a610fa689828585611247565b955095509550505050610fbe565b505f915060029050825b93509350939050565b60405163d505accf60e01b8152336004820152306024820152604481018690526064810185905260ff8416608482015260a4810183905260c481018290526001600160a01b0387169063d505accf9060e4015f604051808303815f87803b158015611030575f5ffd5b505af1925050508015611041575060015b50505050505050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15610e7f57604051633ee5aeb560e01b815260040160405180910390fd5b80825d5050565b60405163a9059cbb60e01b5f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f511483166110e75783831516156110db573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b805f0361111357604051631f2a200560e01b815260040160405180910390fd5b6040516370a0823160e01b81523060048201525f906001600160a01b038416906370a0823190602401602060405180830381865afa158015611157573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061117b919061171e565b90506111926001600160a01b03841633308561130f565b6040516370a0823160e01b81523060048201525f9082906001600160a01b038616906370a0823190602401602060405180830381865afa1580156111d8573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906111fc919061171e565b6112069190611569565b905082811461124157604051634a49917760e01b81526001600160a01b0385166004820152602481018490526044810182905260640161049e565b50505050565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a084111561128057505f91506003905082611305565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa1580156112d1573d5f5f3e3d5ffd5b5050604051601f1901519150506001600160a01b0381166112fc57505f925060019150829050611305565b92505f91508190505b9450945094915050565b61131d848484846001611345565b61124157604051635274afe760e01b81526001600160a01b038516600482015260240161049e565b6040516323b872dd60e01b5f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166113a1578383151615611395573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b5f602082840312156113c2575f5ffd5b5035919050565b803563ffffffff81168114610a38575f5ffd5b5f5f604083850312156113ed575f5ffd5b823591506113fd602084016113c9565b90509250929050565b80356001600160a01b0381168114610a38575f5ffd5b5f6020828403121561142c575f5ffd5b610d5f82611406565b5f60e08284031215611445575f5ffd5b50919050565b5f60e0828403121561145b575f5ffd5b610d5f8383611435565b5f5f60408385031215611476575f5ffd5b61147f83611406565b946020939093013593505050565b5f5f5f61010084860312156114a0575f5ffd5b6114aa8585611435565b925060e08401356001600160401b038111156114c4575f5ffd5b8401601f810186136114d4575f5ffd5b80356001600160401b038111156114e9575f5ffd5b8660208284010111156114fa575f5ffd5b939660209190910195509293505050565b5f5f5f5f5f60a0868803121561151f575f5ffd5b8535945060208601359350604086013560ff8116811461153d575f5ffd5b94979396509394606081013594506080013592915050565b634e487b7160e01b5f52601160045260245ffd5b8181038181111561078657610786611555565b8082018082111561078657610786611555565b6001600160401b03818116838216019081111561078657610786611555565b80356001600160401b0381168114610a38575f5ffd5b5f60e08284031280156115d5575f5ffd5b5060405160e081016001600160401b038111828210171561160457634e487b7160e01b5f52604160045260245ffd5b60405261161083611406565b81526020838101359082015261162860408401611406565b604082015261163960608401611406565b606082015261164a608084016113c9565b608082015261165b60a084016115ae565b60a082015261166c60c084016115ae565b60c08201529392505050565b5f60208284031215611688575f5ffd5b610d5f826113c9565b5f6101008201905083825260018060a01b0383511660208301526020830151604083015260018060a01b03604084015116606083015260018060a01b03606084015116608083015263ffffffff60808401511660a08301526001600160401b0360a08401511660c083015260c083015161171660e08401826001600160401b03169052565b509392505050565b5f6020828403121561172e575f5ffd5b505191905056";

    private static String librariesLinkedBinary;

    public static final String FUNC_BURN = "burn";

    public static final String FUNC_ESCROW = "escrow";

    public static final String FUNC_HASHSESSIONKEY = "hashSessionKey";

    public static final String FUNC_KEYRECORDED = "keyRecorded";

    public static final String FUNC_OWNEROF = "ownerOf";

    public static final String FUNC_PAYEEOF = "payeeOf";

    public static final String FUNC_RECORDKEY = "recordKey";

    public static final String FUNC_REGISTER = "register";

    public static final String FUNC_REVOKEKEY = "revokeKey";

    public static final String FUNC_REVOKEDAT = "revokedAt";

    public static final String FUNC_SETPAYEE = "setPayee";

    public static final String FUNC_STAKE = "stake";

    public static final String FUNC_STAKEOF = "stakeOf";

    public static final String FUNC_STAKETOKEN = "stakeToken";

    public static final String FUNC_STAKEWITHPERMIT = "stakeWithPermit";

    public static final String FUNC_STANDING = "standing";

    public static final String FUNC_UNBONDING = "unbonding";

    public static final String FUNC_UNBONDINGTIME = "unbondingTime";

    public static final String FUNC_UNSTAKE = "unstake";

    public static final String FUNC_WITHDRAWSTAKE = "withdrawStake";

    public static final Event KEYRECORDED_EVENT = new Event("KeyRecorded", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Bytes32>(true) {}, new TypeReference<Address>(true) {}, new TypeReference<Address>(true) {}, new TypeReference<Address>() {}, new TypeReference<Uint32>() {}, new TypeReference<Bytes32>() {}));
    ;

    public static final Event KEYREVOKED_EVENT = new Event("KeyRevoked", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Bytes32>(true) {}, new TypeReference<Address>(true) {}, new TypeReference<Uint32>() {}, new TypeReference<Uint64>() {}));
    ;

    public static final Event PAYEESET_EVENT = new Event("PayeeSet", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>(true) {}, new TypeReference<Address>(true) {}));
    ;

    public static final Event PROVIDERREGISTERED_EVENT = new Event("ProviderRegistered", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Bytes32>(true) {}, new TypeReference<Address>(true) {}, new TypeReference<Bytes32>() {}));
    ;

    public static final Event STAKEBURNED_EVENT = new Event("StakeBurned", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>(true) {}, new TypeReference<Uint256>() {}, new TypeReference<Uint256>() {}));
    ;

    public static final Event STAKEWITHDRAWN_EVENT = new Event("StakeWithdrawn", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>(true) {}, new TypeReference<Address>(true) {}, new TypeReference<Uint256>() {}));
    ;

    public static final Event STAKED_EVENT = new Event("Staked", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>(true) {}, new TypeReference<Uint256>() {}, new TypeReference<Uint256>() {}));
    ;

    public static final Event UNSTAKESTARTED_EVENT = new Event("UnstakeStarted", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>(true) {}, new TypeReference<Uint256>() {}, new TypeReference<Uint256>() {}, new TypeReference<Uint64>() {}));
    ;

    public static final CustomError INSUFFICIENTSTAKE_ERROR = new CustomError("InsufficientStake", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}, new TypeReference<Uint256>() {}, new TypeReference<Uint256>() {}));
    ;

    public static final CustomError KEYALREADYRECORDED_ERROR = new CustomError("KeyAlreadyRecorded", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Bytes32>() {}));
    ;

    public static final CustomError KEYALREADYREVOKED_ERROR = new CustomError("KeyAlreadyRevoked", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Bytes32>() {}, new TypeReference<Uint32>() {}, new TypeReference<Uint64>() {}));
    ;

    public static final CustomError KEYNOTSIGNED_ERROR = new CustomError("KeyNotSigned", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Bytes32>() {}, new TypeReference<Address>() {}));
    ;

    public static final CustomError NOTTHEESCROW_ERROR = new CustomError("NotTheEscrow", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}));
    ;

    public static final CustomError NOTTHEOWNER_ERROR = new CustomError("NotTheOwner", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Bytes32>() {}, new TypeReference<Address>() {}, new TypeReference<Address>() {}));
    ;

    public static final CustomError PROVIDERALREADYREGISTERED_ERROR = new CustomError("ProviderAlreadyRegistered", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Bytes32>() {}));
    ;

    public static final CustomError PROVIDERNOTOWNED_ERROR = new CustomError("ProviderNotOwned", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Bytes32>() {}, new TypeReference<Address>() {}, new TypeReference<Address>() {}));
    ;

    public static final CustomError REENTRANCYGUARDREENTRANTCALL_ERROR = new CustomError("ReentrancyGuardReentrantCall", 
            Arrays.<TypeReference<?>>asList());
    ;

    public static final CustomError SAFEERC20FAILEDOPERATION_ERROR = new CustomError("SafeERC20FailedOperation", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}));
    ;

    public static final CustomError STILLLOCKED_ERROR = new CustomError("StillLocked", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Uint256>() {}, new TypeReference<Uint256>() {}));
    ;

    public static final CustomError TRANSFERNOTEXACT_ERROR = new CustomError("TransferNotExact", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}, new TypeReference<Uint256>() {}, new TypeReference<Uint256>() {}));
    ;

    public static final CustomError ZEROADDRESS_ERROR = new CustomError("ZeroAddress", 
            Arrays.<TypeReference<?>>asList());
    ;

    public static final CustomError ZEROAMOUNT_ERROR = new CustomError("ZeroAmount", 
            Arrays.<TypeReference<?>>asList());
    ;

    @Deprecated
    protected ProviderRegistry(String contractAddress, Web3j web3j, Credentials credentials,
            BigInteger gasPrice, BigInteger gasLimit) {
        super(BINARY, contractAddress, web3j, credentials, gasPrice, gasLimit);
    }

    protected ProviderRegistry(String contractAddress, Web3j web3j, Credentials credentials,
            ContractGasProvider contractGasProvider) {
        super(BINARY, contractAddress, web3j, credentials, contractGasProvider);
    }

    @Deprecated
    protected ProviderRegistry(String contractAddress, Web3j web3j,
            TransactionManager transactionManager, BigInteger gasPrice, BigInteger gasLimit) {
        super(BINARY, contractAddress, web3j, transactionManager, gasPrice, gasLimit);
    }

    protected ProviderRegistry(String contractAddress, Web3j web3j,
            TransactionManager transactionManager, ContractGasProvider contractGasProvider) {
        super(BINARY, contractAddress, web3j, transactionManager, contractGasProvider);
    }

    public RemoteFunctionCall<TransactionReceipt> burn(String owner, BigInteger amount) {
        final Function function = new Function(
                FUNC_BURN, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, owner), 
                new org.web3j.abi.datatypes.generated.Uint256(amount)), 
                Collections.<TypeReference<?>>emptyList());
        return executeRemoteCallTransaction(function);
    }

    public RemoteFunctionCall<String> escrow() {
        final Function function = new Function(FUNC_ESCROW, 
                Arrays.<Type>asList(), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}));
        return executeRemoteCallSingleValueReturn(function, String.class);
    }

    public RemoteFunctionCall<byte[]> hashSessionKey(SessionKey key) {
        final Function function = new Function(FUNC_HASHSESSIONKEY, 
                Arrays.<Type>asList(key), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Bytes32>() {}));
        return executeRemoteCallSingleValueReturn(function, byte[].class);
    }

    public RemoteFunctionCall<Boolean> keyRecorded(byte[] keyHash) {
        final Function function = new Function(FUNC_KEYRECORDED, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.generated.Bytes32(keyHash)), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Bool>() {}));
        return executeRemoteCallSingleValueReturn(function, Boolean.class);
    }

    public RemoteFunctionCall<String> ownerOf(byte[] provider) {
        final Function function = new Function(FUNC_OWNEROF, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.generated.Bytes32(provider)), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}));
        return executeRemoteCallSingleValueReturn(function, String.class);
    }

    public RemoteFunctionCall<String> payeeOf(String owner) {
        final Function function = new Function(FUNC_PAYEEOF, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, owner)), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}));
        return executeRemoteCallSingleValueReturn(function, String.class);
    }

    public RemoteFunctionCall<TransactionReceipt> recordKey(SessionKey key, byte[] signature) {
        final Function function = new Function(
                FUNC_RECORDKEY, 
                Arrays.<Type>asList(key, 
                new org.web3j.abi.datatypes.DynamicBytes(signature)), 
                Collections.<TypeReference<?>>emptyList());
        return executeRemoteCallTransaction(function);
    }

    public RemoteFunctionCall<TransactionReceipt> register(byte[] salt) {
        final Function function = new Function(
                FUNC_REGISTER, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.generated.Bytes32(salt)), 
                Collections.<TypeReference<?>>emptyList());
        return executeRemoteCallTransaction(function);
    }

    public RemoteFunctionCall<TransactionReceipt> revokeKey(byte[] provider, BigInteger serial) {
        final Function function = new Function(
                FUNC_REVOKEKEY, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.generated.Bytes32(provider), 
                new org.web3j.abi.datatypes.generated.Uint32(serial)), 
                Collections.<TypeReference<?>>emptyList());
        return executeRemoteCallTransaction(function);
    }

    public RemoteFunctionCall<BigInteger> revokedAt(byte[] provider, BigInteger serial) {
        final Function function = new Function(FUNC_REVOKEDAT, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.generated.Bytes32(provider), 
                new org.web3j.abi.datatypes.generated.Uint32(serial)), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Uint64>() {}));
        return executeRemoteCallSingleValueReturn(function, BigInteger.class);
    }

    public RemoteFunctionCall<TransactionReceipt> setPayee(String payee) {
        final Function function = new Function(
                FUNC_SETPAYEE, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, payee)), 
                Collections.<TypeReference<?>>emptyList());
        return executeRemoteCallTransaction(function);
    }

    public RemoteFunctionCall<TransactionReceipt> stake(BigInteger amount) {
        final Function function = new Function(
                FUNC_STAKE, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.generated.Uint256(amount)), 
                Collections.<TypeReference<?>>emptyList());
        return executeRemoteCallTransaction(function);
    }

    public RemoteFunctionCall<BigInteger> stakeOf(String owner) {
        final Function function = new Function(FUNC_STAKEOF, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, owner)), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Uint256>() {}));
        return executeRemoteCallSingleValueReturn(function, BigInteger.class);
    }

    public RemoteFunctionCall<String> stakeToken() {
        final Function function = new Function(FUNC_STAKETOKEN, 
                Arrays.<Type>asList(), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}));
        return executeRemoteCallSingleValueReturn(function, String.class);
    }

    public RemoteFunctionCall<TransactionReceipt> stakeWithPermit(BigInteger amount,
            BigInteger deadline, BigInteger v, byte[] r, byte[] s) {
        final Function function = new Function(
                FUNC_STAKEWITHPERMIT, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.generated.Uint256(amount), 
                new org.web3j.abi.datatypes.generated.Uint256(deadline), 
                new org.web3j.abi.datatypes.generated.Uint8(v), 
                new org.web3j.abi.datatypes.generated.Bytes32(r), 
                new org.web3j.abi.datatypes.generated.Bytes32(s)), 
                Collections.<TypeReference<?>>emptyList());
        return executeRemoteCallTransaction(function);
    }

    public RemoteFunctionCall<Tuple2<String, BigInteger>> standing(byte[] provider,
            BigInteger serial) {
        final Function function = new Function(FUNC_STANDING, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.generated.Bytes32(provider), 
                new org.web3j.abi.datatypes.generated.Uint32(serial)), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}, new TypeReference<Uint64>() {}));
        return new RemoteFunctionCall<Tuple2<String, BigInteger>>(function,
                new Callable<Tuple2<String, BigInteger>>() {
                    @Override
                    public Tuple2<String, BigInteger> call() throws Exception {
                        List<Type> results = executeCallMultipleValueReturn(function);
                        return new Tuple2<String, BigInteger>(
                                (String) results.get(0).getValue(), 
                                (BigInteger) results.get(1).getValue());
                    }
                });
    }

    public RemoteFunctionCall<Tuple2<BigInteger, BigInteger>> unbonding(String owner) {
        final Function function = new Function(FUNC_UNBONDING, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, owner)), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Uint256>() {}, new TypeReference<Uint64>() {}));
        return new RemoteFunctionCall<Tuple2<BigInteger, BigInteger>>(function,
                new Callable<Tuple2<BigInteger, BigInteger>>() {
                    @Override
                    public Tuple2<BigInteger, BigInteger> call() throws Exception {
                        List<Type> results = executeCallMultipleValueReturn(function);
                        return new Tuple2<BigInteger, BigInteger>(
                                (BigInteger) results.get(0).getValue(), 
                                (BigInteger) results.get(1).getValue());
                    }
                });
    }

    public RemoteFunctionCall<BigInteger> unbondingTime() {
        final Function function = new Function(FUNC_UNBONDINGTIME, 
                Arrays.<Type>asList(), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Uint64>() {}));
        return executeRemoteCallSingleValueReturn(function, BigInteger.class);
    }

    public RemoteFunctionCall<TransactionReceipt> unstake(BigInteger amount) {
        final Function function = new Function(
                FUNC_UNSTAKE, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.generated.Uint256(amount)), 
                Collections.<TypeReference<?>>emptyList());
        return executeRemoteCallTransaction(function);
    }

    public RemoteFunctionCall<TransactionReceipt> withdrawStake(String to) {
        final Function function = new Function(
                FUNC_WITHDRAWSTAKE, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, to)), 
                Collections.<TypeReference<?>>emptyList());
        return executeRemoteCallTransaction(function);
    }

    public static List<KeyRecordedEventResponse> getKeyRecordedEvents(
            TransactionReceipt transactionReceipt) {
        List<Contract.EventValuesWithLog> valueList = staticExtractEventParametersWithLog(KEYRECORDED_EVENT, transactionReceipt);
        ArrayList<KeyRecordedEventResponse> responses = new ArrayList<KeyRecordedEventResponse>(valueList.size());
        for (Contract.EventValuesWithLog eventValues : valueList) {
            KeyRecordedEventResponse typedResponse = new KeyRecordedEventResponse();
            typedResponse.log = eventValues.getLog();
            typedResponse.provider = (byte[]) eventValues.getIndexedValues().get(0).getValue();
            typedResponse.owner = (String) eventValues.getIndexedValues().get(1).getValue();
            typedResponse.key = (String) eventValues.getIndexedValues().get(2).getValue();
            typedResponse.hub = (String) eventValues.getNonIndexedValues().get(0).getValue();
            typedResponse.serial = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
            typedResponse.keyHash = (byte[]) eventValues.getNonIndexedValues().get(2).getValue();
            responses.add(typedResponse);
        }
        return responses;
    }

    public static KeyRecordedEventResponse getKeyRecordedEventFromLog(Log log) {
        Contract.EventValuesWithLog eventValues = staticExtractEventParametersWithLog(KEYRECORDED_EVENT, log);
        KeyRecordedEventResponse typedResponse = new KeyRecordedEventResponse();
        typedResponse.log = log;
        typedResponse.provider = (byte[]) eventValues.getIndexedValues().get(0).getValue();
        typedResponse.owner = (String) eventValues.getIndexedValues().get(1).getValue();
        typedResponse.key = (String) eventValues.getIndexedValues().get(2).getValue();
        typedResponse.hub = (String) eventValues.getNonIndexedValues().get(0).getValue();
        typedResponse.serial = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
        typedResponse.keyHash = (byte[]) eventValues.getNonIndexedValues().get(2).getValue();
        return typedResponse;
    }

    public Flowable<KeyRecordedEventResponse> keyRecordedEventFlowable(EthFilter filter) {
        return web3j.ethLogFlowable(filter).map(log -> getKeyRecordedEventFromLog(log));
    }

    public Flowable<KeyRecordedEventResponse> keyRecordedEventFlowable(
            DefaultBlockParameter startBlock, DefaultBlockParameter endBlock) {
        EthFilter filter = new EthFilter(startBlock, endBlock, getContractAddress());
        filter.addSingleTopic(EventEncoder.encode(KEYRECORDED_EVENT));
        return keyRecordedEventFlowable(filter);
    }

    public static List<KeyRevokedEventResponse> getKeyRevokedEvents(
            TransactionReceipt transactionReceipt) {
        List<Contract.EventValuesWithLog> valueList = staticExtractEventParametersWithLog(KEYREVOKED_EVENT, transactionReceipt);
        ArrayList<KeyRevokedEventResponse> responses = new ArrayList<KeyRevokedEventResponse>(valueList.size());
        for (Contract.EventValuesWithLog eventValues : valueList) {
            KeyRevokedEventResponse typedResponse = new KeyRevokedEventResponse();
            typedResponse.log = eventValues.getLog();
            typedResponse.provider = (byte[]) eventValues.getIndexedValues().get(0).getValue();
            typedResponse.owner = (String) eventValues.getIndexedValues().get(1).getValue();
            typedResponse.serial = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
            typedResponse.revokedAt = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
            responses.add(typedResponse);
        }
        return responses;
    }

    public static KeyRevokedEventResponse getKeyRevokedEventFromLog(Log log) {
        Contract.EventValuesWithLog eventValues = staticExtractEventParametersWithLog(KEYREVOKED_EVENT, log);
        KeyRevokedEventResponse typedResponse = new KeyRevokedEventResponse();
        typedResponse.log = log;
        typedResponse.provider = (byte[]) eventValues.getIndexedValues().get(0).getValue();
        typedResponse.owner = (String) eventValues.getIndexedValues().get(1).getValue();
        typedResponse.serial = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
        typedResponse.revokedAt = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
        return typedResponse;
    }

    public Flowable<KeyRevokedEventResponse> keyRevokedEventFlowable(EthFilter filter) {
        return web3j.ethLogFlowable(filter).map(log -> getKeyRevokedEventFromLog(log));
    }

    public Flowable<KeyRevokedEventResponse> keyRevokedEventFlowable(
            DefaultBlockParameter startBlock, DefaultBlockParameter endBlock) {
        EthFilter filter = new EthFilter(startBlock, endBlock, getContractAddress());
        filter.addSingleTopic(EventEncoder.encode(KEYREVOKED_EVENT));
        return keyRevokedEventFlowable(filter);
    }

    public static List<PayeeSetEventResponse> getPayeeSetEvents(
            TransactionReceipt transactionReceipt) {
        List<Contract.EventValuesWithLog> valueList = staticExtractEventParametersWithLog(PAYEESET_EVENT, transactionReceipt);
        ArrayList<PayeeSetEventResponse> responses = new ArrayList<PayeeSetEventResponse>(valueList.size());
        for (Contract.EventValuesWithLog eventValues : valueList) {
            PayeeSetEventResponse typedResponse = new PayeeSetEventResponse();
            typedResponse.log = eventValues.getLog();
            typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
            typedResponse.payee = (String) eventValues.getIndexedValues().get(1).getValue();
            responses.add(typedResponse);
        }
        return responses;
    }

    public static PayeeSetEventResponse getPayeeSetEventFromLog(Log log) {
        Contract.EventValuesWithLog eventValues = staticExtractEventParametersWithLog(PAYEESET_EVENT, log);
        PayeeSetEventResponse typedResponse = new PayeeSetEventResponse();
        typedResponse.log = log;
        typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
        typedResponse.payee = (String) eventValues.getIndexedValues().get(1).getValue();
        return typedResponse;
    }

    public Flowable<PayeeSetEventResponse> payeeSetEventFlowable(EthFilter filter) {
        return web3j.ethLogFlowable(filter).map(log -> getPayeeSetEventFromLog(log));
    }

    public Flowable<PayeeSetEventResponse> payeeSetEventFlowable(DefaultBlockParameter startBlock,
            DefaultBlockParameter endBlock) {
        EthFilter filter = new EthFilter(startBlock, endBlock, getContractAddress());
        filter.addSingleTopic(EventEncoder.encode(PAYEESET_EVENT));
        return payeeSetEventFlowable(filter);
    }

    public static List<ProviderRegisteredEventResponse> getProviderRegisteredEvents(
            TransactionReceipt transactionReceipt) {
        List<Contract.EventValuesWithLog> valueList = staticExtractEventParametersWithLog(PROVIDERREGISTERED_EVENT, transactionReceipt);
        ArrayList<ProviderRegisteredEventResponse> responses = new ArrayList<ProviderRegisteredEventResponse>(valueList.size());
        for (Contract.EventValuesWithLog eventValues : valueList) {
            ProviderRegisteredEventResponse typedResponse = new ProviderRegisteredEventResponse();
            typedResponse.log = eventValues.getLog();
            typedResponse.provider = (byte[]) eventValues.getIndexedValues().get(0).getValue();
            typedResponse.owner = (String) eventValues.getIndexedValues().get(1).getValue();
            typedResponse.salt = (byte[]) eventValues.getNonIndexedValues().get(0).getValue();
            responses.add(typedResponse);
        }
        return responses;
    }

    public static ProviderRegisteredEventResponse getProviderRegisteredEventFromLog(Log log) {
        Contract.EventValuesWithLog eventValues = staticExtractEventParametersWithLog(PROVIDERREGISTERED_EVENT, log);
        ProviderRegisteredEventResponse typedResponse = new ProviderRegisteredEventResponse();
        typedResponse.log = log;
        typedResponse.provider = (byte[]) eventValues.getIndexedValues().get(0).getValue();
        typedResponse.owner = (String) eventValues.getIndexedValues().get(1).getValue();
        typedResponse.salt = (byte[]) eventValues.getNonIndexedValues().get(0).getValue();
        return typedResponse;
    }

    public Flowable<ProviderRegisteredEventResponse> providerRegisteredEventFlowable(
            EthFilter filter) {
        return web3j.ethLogFlowable(filter).map(log -> getProviderRegisteredEventFromLog(log));
    }

    public Flowable<ProviderRegisteredEventResponse> providerRegisteredEventFlowable(
            DefaultBlockParameter startBlock, DefaultBlockParameter endBlock) {
        EthFilter filter = new EthFilter(startBlock, endBlock, getContractAddress());
        filter.addSingleTopic(EventEncoder.encode(PROVIDERREGISTERED_EVENT));
        return providerRegisteredEventFlowable(filter);
    }

    public static List<StakeBurnedEventResponse> getStakeBurnedEvents(
            TransactionReceipt transactionReceipt) {
        List<Contract.EventValuesWithLog> valueList = staticExtractEventParametersWithLog(STAKEBURNED_EVENT, transactionReceipt);
        ArrayList<StakeBurnedEventResponse> responses = new ArrayList<StakeBurnedEventResponse>(valueList.size());
        for (Contract.EventValuesWithLog eventValues : valueList) {
            StakeBurnedEventResponse typedResponse = new StakeBurnedEventResponse();
            typedResponse.log = eventValues.getLog();
            typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
            typedResponse.amount = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
            typedResponse.left = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
            responses.add(typedResponse);
        }
        return responses;
    }

    public static StakeBurnedEventResponse getStakeBurnedEventFromLog(Log log) {
        Contract.EventValuesWithLog eventValues = staticExtractEventParametersWithLog(STAKEBURNED_EVENT, log);
        StakeBurnedEventResponse typedResponse = new StakeBurnedEventResponse();
        typedResponse.log = log;
        typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
        typedResponse.amount = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
        typedResponse.left = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
        return typedResponse;
    }

    public Flowable<StakeBurnedEventResponse> stakeBurnedEventFlowable(EthFilter filter) {
        return web3j.ethLogFlowable(filter).map(log -> getStakeBurnedEventFromLog(log));
    }

    public Flowable<StakeBurnedEventResponse> stakeBurnedEventFlowable(
            DefaultBlockParameter startBlock, DefaultBlockParameter endBlock) {
        EthFilter filter = new EthFilter(startBlock, endBlock, getContractAddress());
        filter.addSingleTopic(EventEncoder.encode(STAKEBURNED_EVENT));
        return stakeBurnedEventFlowable(filter);
    }

    public static List<StakeWithdrawnEventResponse> getStakeWithdrawnEvents(
            TransactionReceipt transactionReceipt) {
        List<Contract.EventValuesWithLog> valueList = staticExtractEventParametersWithLog(STAKEWITHDRAWN_EVENT, transactionReceipt);
        ArrayList<StakeWithdrawnEventResponse> responses = new ArrayList<StakeWithdrawnEventResponse>(valueList.size());
        for (Contract.EventValuesWithLog eventValues : valueList) {
            StakeWithdrawnEventResponse typedResponse = new StakeWithdrawnEventResponse();
            typedResponse.log = eventValues.getLog();
            typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
            typedResponse.to = (String) eventValues.getIndexedValues().get(1).getValue();
            typedResponse.amount = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
            responses.add(typedResponse);
        }
        return responses;
    }

    public static StakeWithdrawnEventResponse getStakeWithdrawnEventFromLog(Log log) {
        Contract.EventValuesWithLog eventValues = staticExtractEventParametersWithLog(STAKEWITHDRAWN_EVENT, log);
        StakeWithdrawnEventResponse typedResponse = new StakeWithdrawnEventResponse();
        typedResponse.log = log;
        typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
        typedResponse.to = (String) eventValues.getIndexedValues().get(1).getValue();
        typedResponse.amount = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
        return typedResponse;
    }

    public Flowable<StakeWithdrawnEventResponse> stakeWithdrawnEventFlowable(EthFilter filter) {
        return web3j.ethLogFlowable(filter).map(log -> getStakeWithdrawnEventFromLog(log));
    }

    public Flowable<StakeWithdrawnEventResponse> stakeWithdrawnEventFlowable(
            DefaultBlockParameter startBlock, DefaultBlockParameter endBlock) {
        EthFilter filter = new EthFilter(startBlock, endBlock, getContractAddress());
        filter.addSingleTopic(EventEncoder.encode(STAKEWITHDRAWN_EVENT));
        return stakeWithdrawnEventFlowable(filter);
    }

    public static List<StakedEventResponse> getStakedEvents(TransactionReceipt transactionReceipt) {
        List<Contract.EventValuesWithLog> valueList = staticExtractEventParametersWithLog(STAKED_EVENT, transactionReceipt);
        ArrayList<StakedEventResponse> responses = new ArrayList<StakedEventResponse>(valueList.size());
        for (Contract.EventValuesWithLog eventValues : valueList) {
            StakedEventResponse typedResponse = new StakedEventResponse();
            typedResponse.log = eventValues.getLog();
            typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
            typedResponse.amount = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
            typedResponse.total = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
            responses.add(typedResponse);
        }
        return responses;
    }

    public static StakedEventResponse getStakedEventFromLog(Log log) {
        Contract.EventValuesWithLog eventValues = staticExtractEventParametersWithLog(STAKED_EVENT, log);
        StakedEventResponse typedResponse = new StakedEventResponse();
        typedResponse.log = log;
        typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
        typedResponse.amount = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
        typedResponse.total = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
        return typedResponse;
    }

    public Flowable<StakedEventResponse> stakedEventFlowable(EthFilter filter) {
        return web3j.ethLogFlowable(filter).map(log -> getStakedEventFromLog(log));
    }

    public Flowable<StakedEventResponse> stakedEventFlowable(DefaultBlockParameter startBlock,
            DefaultBlockParameter endBlock) {
        EthFilter filter = new EthFilter(startBlock, endBlock, getContractAddress());
        filter.addSingleTopic(EventEncoder.encode(STAKED_EVENT));
        return stakedEventFlowable(filter);
    }

    public static List<UnstakeStartedEventResponse> getUnstakeStartedEvents(
            TransactionReceipt transactionReceipt) {
        List<Contract.EventValuesWithLog> valueList = staticExtractEventParametersWithLog(UNSTAKESTARTED_EVENT, transactionReceipt);
        ArrayList<UnstakeStartedEventResponse> responses = new ArrayList<UnstakeStartedEventResponse>(valueList.size());
        for (Contract.EventValuesWithLog eventValues : valueList) {
            UnstakeStartedEventResponse typedResponse = new UnstakeStartedEventResponse();
            typedResponse.log = eventValues.getLog();
            typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
            typedResponse.amount = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
            typedResponse.left = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
            typedResponse.availableAt = (BigInteger) eventValues.getNonIndexedValues().get(2).getValue();
            responses.add(typedResponse);
        }
        return responses;
    }

    public static UnstakeStartedEventResponse getUnstakeStartedEventFromLog(Log log) {
        Contract.EventValuesWithLog eventValues = staticExtractEventParametersWithLog(UNSTAKESTARTED_EVENT, log);
        UnstakeStartedEventResponse typedResponse = new UnstakeStartedEventResponse();
        typedResponse.log = log;
        typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
        typedResponse.amount = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
        typedResponse.left = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
        typedResponse.availableAt = (BigInteger) eventValues.getNonIndexedValues().get(2).getValue();
        return typedResponse;
    }

    public Flowable<UnstakeStartedEventResponse> unstakeStartedEventFlowable(EthFilter filter) {
        return web3j.ethLogFlowable(filter).map(log -> getUnstakeStartedEventFromLog(log));
    }

    public Flowable<UnstakeStartedEventResponse> unstakeStartedEventFlowable(
            DefaultBlockParameter startBlock, DefaultBlockParameter endBlock) {
        EthFilter filter = new EthFilter(startBlock, endBlock, getContractAddress());
        filter.addSingleTopic(EventEncoder.encode(UNSTAKESTARTED_EVENT));
        return unstakeStartedEventFlowable(filter);
    }

    @Deprecated
    public static ProviderRegistry load(String contractAddress, Web3j web3j,
            Credentials credentials, BigInteger gasPrice, BigInteger gasLimit) {
        return new ProviderRegistry(contractAddress, web3j, credentials, gasPrice, gasLimit);
    }

    @Deprecated
    public static ProviderRegistry load(String contractAddress, Web3j web3j,
            TransactionManager transactionManager, BigInteger gasPrice, BigInteger gasLimit) {
        return new ProviderRegistry(contractAddress, web3j, transactionManager, gasPrice, gasLimit);
    }

    public static ProviderRegistry load(String contractAddress, Web3j web3j,
            Credentials credentials, ContractGasProvider contractGasProvider) {
        return new ProviderRegistry(contractAddress, web3j, credentials, contractGasProvider);
    }

    public static ProviderRegistry load(String contractAddress, Web3j web3j,
            TransactionManager transactionManager, ContractGasProvider contractGasProvider) {
        return new ProviderRegistry(contractAddress, web3j, transactionManager, contractGasProvider);
    }

    public static RemoteCall<ProviderRegistry> deploy(Web3j web3j, Credentials credentials,
            ContractGasProvider contractGasProvider, String stakeToken_,
            BigInteger unbondingTime_) {
        String encodedConstructor = FunctionEncoder.encodeConstructor(Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, stakeToken_), 
                new org.web3j.abi.datatypes.generated.Uint64(unbondingTime_)));
        return deployRemoteCall(ProviderRegistry.class, web3j, credentials, contractGasProvider, getDeploymentBinary(), encodedConstructor);
    }

    public static RemoteCall<ProviderRegistry> deploy(Web3j web3j,
            TransactionManager transactionManager, ContractGasProvider contractGasProvider,
            String stakeToken_, BigInteger unbondingTime_) {
        String encodedConstructor = FunctionEncoder.encodeConstructor(Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, stakeToken_), 
                new org.web3j.abi.datatypes.generated.Uint64(unbondingTime_)));
        return deployRemoteCall(ProviderRegistry.class, web3j, transactionManager, contractGasProvider, getDeploymentBinary(), encodedConstructor);
    }

    @Deprecated
    public static RemoteCall<ProviderRegistry> deploy(Web3j web3j, Credentials credentials,
            BigInteger gasPrice, BigInteger gasLimit, String stakeToken_,
            BigInteger unbondingTime_) {
        String encodedConstructor = FunctionEncoder.encodeConstructor(Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, stakeToken_), 
                new org.web3j.abi.datatypes.generated.Uint64(unbondingTime_)));
        return deployRemoteCall(ProviderRegistry.class, web3j, credentials, gasPrice, gasLimit, getDeploymentBinary(), encodedConstructor);
    }

    @Deprecated
    public static RemoteCall<ProviderRegistry> deploy(Web3j web3j,
            TransactionManager transactionManager, BigInteger gasPrice, BigInteger gasLimit,
            String stakeToken_, BigInteger unbondingTime_) {
        String encodedConstructor = FunctionEncoder.encodeConstructor(Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, stakeToken_), 
                new org.web3j.abi.datatypes.generated.Uint64(unbondingTime_)));
        return deployRemoteCall(ProviderRegistry.class, web3j, transactionManager, gasPrice, gasLimit, getDeploymentBinary(), encodedConstructor);
    }

    public static void linkLibraries(List<Contract.LinkReference> references) {
        librariesLinkedBinary = linkBinaryWithReferences(BINARY, references);
    }

    private static String getDeploymentBinary() {
        if (librariesLinkedBinary != null) {
            return librariesLinkedBinary;
        } else {
            return BINARY;
        }
    }

    public static class SessionKey extends StaticStruct {
        public String owner;

        public byte[] provider;

        public String key;

        public String hub;

        public BigInteger serial;

        public BigInteger notBefore;

        public BigInteger expiresAt;

        public SessionKey(String owner, byte[] provider, String key, String hub, BigInteger serial,
                BigInteger notBefore, BigInteger expiresAt) {
            super(new org.web3j.abi.datatypes.Address(160, owner), 
                    new org.web3j.abi.datatypes.generated.Bytes32(provider), 
                    new org.web3j.abi.datatypes.Address(160, key), 
                    new org.web3j.abi.datatypes.Address(160, hub), 
                    new org.web3j.abi.datatypes.generated.Uint32(serial), 
                    new org.web3j.abi.datatypes.generated.Uint64(notBefore), 
                    new org.web3j.abi.datatypes.generated.Uint64(expiresAt));
            this.owner = owner;
            this.provider = provider;
            this.key = key;
            this.hub = hub;
            this.serial = serial;
            this.notBefore = notBefore;
            this.expiresAt = expiresAt;
        }

        public SessionKey(Address owner, Bytes32 provider, Address key, Address hub, Uint32 serial,
                Uint64 notBefore, Uint64 expiresAt) {
            super(owner, provider, key, hub, serial, notBefore, expiresAt);
            this.owner = owner.getValue();
            this.provider = provider.getValue();
            this.key = key.getValue();
            this.hub = hub.getValue();
            this.serial = serial.getValue();
            this.notBefore = notBefore.getValue();
            this.expiresAt = expiresAt.getValue();
        }
    }

    public static class KeyRecordedEventResponse extends BaseEventResponse {
        public byte[] provider;

        public String owner;

        public String key;

        public String hub;

        public BigInteger serial;

        public byte[] keyHash;
    }

    public static class KeyRevokedEventResponse extends BaseEventResponse {
        public byte[] provider;

        public String owner;

        public BigInteger serial;

        public BigInteger revokedAt;
    }

    public static class PayeeSetEventResponse extends BaseEventResponse {
        public String owner;

        public String payee;
    }

    public static class ProviderRegisteredEventResponse extends BaseEventResponse {
        public byte[] provider;

        public String owner;

        public byte[] salt;
    }

    public static class StakeBurnedEventResponse extends BaseEventResponse {
        public String owner;

        public BigInteger amount;

        public BigInteger left;
    }

    public static class StakeWithdrawnEventResponse extends BaseEventResponse {
        public String owner;

        public String to;

        public BigInteger amount;
    }

    public static class StakedEventResponse extends BaseEventResponse {
        public String owner;

        public BigInteger amount;

        public BigInteger total;
    }

    public static class UnstakeStartedEventResponse extends BaseEventResponse {
        public String owner;

        public BigInteger amount;

        public BigInteger left;

        public BigInteger availableAt;
    }
}
