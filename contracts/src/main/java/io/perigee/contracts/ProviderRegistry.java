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
import org.web3j.abi.datatypes.generated.Uint8;
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
    public static final String BINARY = "610100604052348015610010575f5ffd5b50604051611c84380380611c8483398101604081905261002f9161009b565b6001600160a01b0383166100565760405163d92e233d60e01b815260040160405180910390fd5b336080526001600160a01b0390811660a0529190911660c0526001600160401b031660e0526100e9565b80516001600160a01b0381168114610096575f5ffd5b919050565b5f5f5f606084860312156100ad575f5ffd5b6100b684610080565b60208501519093506001600160401b03811681146100d2575f5ffd5b91506100e060408501610080565b90509250925092565b60805160a05160c05160e051611b1b6101695f395f81816102d3015261073f01525f818161022c015281816105dd01528181610d4c01528181610ef501528181610ff501526114a401525f818161015b01528181610518015281816105ff015261104101525f818161047601528181610b820152610c8c0152611b1b5ff3fe608060405234801561000f575f5ffd5b5060043610610152575f3560e01c80639dc29fac116100bf578063e1fa8e8411610079578063e1fa8e841461045e578063e2fdcc1714610471578063ecd9ba8214610498578063f385523e146104ab578063f9983317146104de578063fe7e05d5146104f1575f5ffd5b80639dc29fac1461030d578063a694fc3a14610320578063acab155914610333578063b0103b1a146103aa578063c23a5cea146103e2578063ced4cd2e146103f5575f5ffd5b806351ed6a301161011057806351ed6a301461022757806378654dc51461024e5780637dd564111461028057806381ed4aa8146102a857806385d9cbfb146102bb5780638b0b30ce146102ce575f5ffd5b8062971a301461015657806302fb4d851461019a5780632e17de78146101bb57806337ff1ebe146101d0578063410459ad146101e357806342623360146101f6575b5f5ffd5b61017d7f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b0390911681526020015b60405180910390f35b6101ad6101a83660046118af565b610504565b604051908152602001610191565b6101ce6101c93660046118d7565b610632565b005b6101ce6101de366004611901565b6107dd565b6101ce6101f136600461192b565b61091e565b6101ad61020436600461192b565b6001600160a01b03165f908152600460205260409020546001600160601b031690565b61017d7f000000000000000000000000000000000000000000000000000000000000000081565b61027061025c3660046118d7565b60016020525f908152604090205460ff1681565b6040519015158152602001610191565b61017d61028e3660046118d7565b5f602081905290815260409020546001600160a01b031681565b6101ad6102b636600461195a565b610990565b6101ad6102c9366004611998565b610b79565b6102f57f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160401b039091168152602001610191565b6101ad61031b3660046118af565b610c78565b6101ce61032e3660046118d7565b610d75565b610383610341366004611901565b5f82815260208181526040808320546002835281842063ffffffff86168552909252909120546001600160a01b03909116906001600160401b03169250929050565b604080516001600160a01b0390931683526001600160401b03909116602083015201610191565b6101ad6103b836600461192b565b6001600160a01b03165f90815260046020526040902054600160c01b90046001600160401b031690565b6101ad6103f036600461192b565b610d91565b61044161040336600461192b565b6001600160a01b03165f9081526004602052604090208054600190910154600160601b9091046001600160601b0316916001600160401b0390911690565b604080519283526001600160401b03909116602083015201610191565b6101ad61046c3660046118d7565b610f2a565b61017d7f000000000000000000000000000000000000000000000000000000000000000081565b6101ce6104a63660046119b2565b610fe8565b6102f56104b9366004611901565b600260209081525f92835260408084209091529082529020546001600160401b031681565b6101ce6104ec3660046119fc565b611036565b61017d6104ff36600461192b565b61116d565b5f61050d61119e565b336001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000161461055d5760405163bd80284160e01b81523360048201526024015b60405180910390fd5b61056783836111d5565b6001600160a01b0384165f818152600460209081526040918290205482518581526001600160601b039091169181019190915292935090917fdf265bfb52299e38254430e6ece4cdeb6f81588779612f5fcb3ed971a10a972b910160405180910390a28015610624576106246001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000167f0000000000000000000000000000000000000000000000000000000000000000836112d9565b61062c611313565b92915050565b335f9081526004602052604081209082900361066157604051631f2a200560e01b815260040160405180910390fd5b80546001600160601b03168211156106a757805460405163936d426d60e01b8152336004820152602481018490526001600160601b039091166044820152606401610554565b6106b08261133d565b815482905f906106ca9084906001600160601b0316611a49565b92506101000a8154816001600160601b0302191690836001600160601b031602179055506106f78261133d565b81548290600c90610719908490600160601b90046001600160601b0316611a68565b92506101000a8154816001600160601b0302191690836001600160601b031602179055507f0000000000000000000000000000000000000000000000000000000000000000426107699190611a87565b60018201805467ffffffffffffffff19166001600160401b039290921691821790558154604080518581526001600160601b03909216602083015281019190915233907ffde37cacda8b3524152ac28da3dddc4f6876f4d2fa8173724eb4d9c863b563a99060600160405180910390a25050565b5f828152602081905260409020546001600160a01b0316331461083b575f8281526020819052604090819020549051637f071b1960e01b8152600481018490526001600160a01b039091166024820152336044820152606401610554565b5f82815260026020908152604080832063ffffffff851684529091529020546001600160401b031680156108a05760405163cd529eff60e01b81526004810184905263ffffffff831660248201526001600160401b0382166044820152606401610554565b5f83815260026020908152604080832063ffffffff861680855290835292819020805467ffffffffffffffff1916426001600160401b0316908117909155815193845291830191909152339185917fa38f60b66b28497341c86e9686f25c2d534be0e3673872c4b926a6959859e6c3910160405180910390a3505050565b335f81815260036020526040902080546001600160a01b0319166001600160a01b03841617905561094e9061116d565b6001600160a01b0316336001600160a01b03167fb818a444791289034482ccd2bcd8339807038fb1f2f12de96a5dce76f631a9cd60405160405180910390a350565b5f61099a83610b79565b6020808501355f9081529081905260409020549091506001600160a01b03168015806109e457506109ce602085018561192b565b6001600160a01b0316816001600160a01b031614155b15610a2e57602084018035906109fa908661192b565b60405163bfd8ae9b60e01b815260048101929092526001600160a01b03908116602483015282166044820152606401610554565b5f8281526001602052604090205460ff1615610a605760405163f9726e0d60e01b815260048101839052602401610554565b336001600160a01b03821614801590610a945750806001600160a01b0316610a888385611374565b6001600160a01b031614155b15610ac4576040516347f0dc3760e01b8152600481018390526001600160a01b0382166024820152604401610554565b5f82815260016020819052604091829020805460ff19169091179055610af0906060860190860161192b565b6001600160a01b0390811690821660208601357f48f6c93ee86da0c444378f82aaabdb049e3b66ccf22c5347090960ee8fa752f6610b346080890160608a0161192b565b610b4460a08a0160808b01611aa6565b604080516001600160a01b03909316835263ffffffff9091166020830152810187905260600160405180910390a45092915050565b5f61062c610c507f0000000000000000000000000000000000000000000000000000000000000000604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527fd772b839529ca0f9d11b9133560ab5401ad7293f3de38aa0c5cb01b887d920d6918101919091527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201526001600160a01b03821660a08201525f9060c001604051602081830303815290604052805190602001209050919050565b610c59846113ff565b60405161190160f01b8152600281019290925260228201526042902090565b5f610c8161119e565b336001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001614610ccc5760405163b57ce6b160e01b8152336004820152602401610554565b610cd683836111d5565b6001600160a01b0384165f818152600460209081526040918290205482518581526001600160601b039091169181019190915292935090917ff470d7f6c239014b63db190652ebe51433a828b65e06d9972143c34c2e2ca3bc910160405180910390a28015610624576106246001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001661dead836112d9565b610d7d61119e565b610d8681611436565b610d8e611313565b50565b5f610d9a61119e565b50335f9081526004602052604090208054600160601b90046001600160601b0316906001600160a01b038316610de35760405163d92e233d60e01b815260040160405180910390fd5b815f03610e0357604051631f2a200560e01b815260040160405180910390fd5b60018101546001600160401b0316421015610e4857600181015460405163104d109160e21b81526001600160401b039091166004820152426024820152604401610554565b8054600160c01b90046001600160401b031615610e92578054604051637ca66ca560e11b8152336004820152600160c01b9091046001600160401b03166024820152604401610554565b80546bffffffffffffffffffffffff60601b191681556040518281526001600160a01b0384169033907fb7c918e0e249f999e965cafeb6c664271b3f4317d296461500e71da39f0cbda39060200160405180910390a3610f1c6001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001684846112d9565b50610f25611313565b919050565b604080513360208201529081018290525f9060600160408051601f1981840301815291815281516020928301205f818152928390529120549091506001600160a01b031615610f8f576040516316e2c65960e01b815260048101829052602401610554565b5f818152602081815260409182902080546001600160a01b03191633908117909155915184815283917f27cb545ad55368642d8be2e2a2ad967f2ec7fe106e2ac56d6bc281a89d5ee425910160405180910390a3919050565b610ff061119e565b61101e7f00000000000000000000000000000000000000000000000000000000000000008686868686611549565b61102785611436565b61102f611313565b5050505050565b336001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016146110815760405163bd80284160e01b8152336004820152602401610554565b5f816110c0576001600160a01b0383165f908152600460205260409020546110bb90600190600160c01b90046001600160401b0316611abf565b6110f3565b6001600160a01b0383165f908152600460205260409020546110f390600160c01b90046001600160401b03166001611a87565b6001600160a01b0384165f8181526004602090815260409182902080546001600160c01b0316600160c01b6001600160401b03871690810291909117909155915191825292935090917ff94cd94a36a36190a4d9912b471704e52ae7825265f1ea0a499e1424b143004291015b60405180910390a2505050565b6001600160a01b038082165f9081526003602052604081205490911680156111955780611197565b825b9392505050565b6111a66115cc565b6111d360017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b9061160c565b565b6001600160a01b0382165f9081526004602052604081208054829061120b908590600160601b90046001600160601b0316611613565b90505f61122b61121b8387611ade565b84546001600160601b0316611613565b90506112368261133d565b83548490600c90611258908490600160601b90046001600160601b0316611a49565b92506101000a8154816001600160601b0302191690836001600160601b031602179055506112858161133d565b835484905f9061129f9084906001600160601b0316611a49565b92506101000a8154816001600160601b0302191690836001600160601b0316021790555080826112cf9190611af1565b9695505050505050565b6112e68383836001611622565b61130e57604051635274afe760e01b81526001600160a01b0384166004820152602401610554565b505050565b6111d35f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f006111cd565b5f6001600160601b03821115611370576040516306dfcc6560e41b81526060600482015260248101839052604401610554565b5090565b5f60208201356001600160ff1b0381168015806113b057507f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a081115b156113bf575f9250505061062c565b6040518581528260ff1c601b01602082015260208560408301378160608201525f5f5260205f60808360015afa156113f6575f5193505b50505092915050565b5f8160e061142e7f47619ba59cc9fed4a0c5c28b39588f52044c2dc1033719cd2a933ac8efda7d948383611684565b949350505050565b335f90815260046020526040812080549091906001600160601b03600160601b82048116916114689190811690611ade565b6114729190611ade565b90508083111561149f57604051637f16270360e01b81526004810184905260248101829052604401610554565b6114c97f0000000000000000000000000000000000000000000000000000000000000000846116a2565b6114d28361133d565b825483905f906114ec9084906001600160601b0316611a68565b82546101009290920a6001600160601b038181021990931691831602179091558354604080518781529190921660208201523392507f1449c6dd7851abc30abf37f57715f492010519147cc2652fbc38202c18a6ee909101611160565b60405163d505accf60e01b8152336004820152306024820152604481018690526064810185905260ff8416608482015260a4810183905260c481018290526001600160a01b0387169063d505accf9060e4015f604051808303815f87803b1580156115b2575f5ffd5b505af19250505080156115c3575060015b50505050505050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c156111d357604051633ee5aeb560e01b815260040160405180910390fd5b80825d5050565b5f828218828410028218611197565b60405163a9059cbb60e01b5f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f5114831661167857838315161561166c573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b5f604051848152828460208301376020830181209150509392505050565b805f036116c257604051631f2a200560e01b815260040160405180910390fd5b6040516370a0823160e01b81523060048201525f906001600160a01b038416906370a0823190602401602060405180830381865afa158015611706573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061172a9190611b04565b90506117416001600160a01b0384163330856117f6565b6040516370a0823160e01b81523060048201525f9082906001600160a01b038616906370a0823190602401602060405180830381865afa158015611787573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906117ab9190611b04565b6117b59190611ade565b90508281146117f057604051634a49917760e01b81526001600160a01b03851660048201526024810184905260448101829052606401610554565b50505050565b61180484848484600161182c565b6117f057604051635274afe760e01b81526001600160a01b0385166004820152602401610554565b6040516323b872dd60e01b5f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f5114831661188857838315161561187c573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b80356001600160a01b0381168114610f25575f5ffd5b5f5f604083850312156118c0575f5ffd5b6118c983611899565b946020939093013593505050565b5f602082840312156118e7575f5ffd5b5035919050565b803563ffffffff81168114610f25575f5ffd5b5f5f60408385031215611912575f5ffd5b82359150611922602084016118ee565b90509250929050565b5f6020828403121561193b575f5ffd5b61119782611899565b5f60e08284031215611954575f5ffd5b50919050565b5f5f82840361012081121561196d575f5ffd5b6119778585611944565b9250604060df198201121561198a575f5ffd5b5060e0830190509250929050565b5f60e082840312156119a8575f5ffd5b6111978383611944565b5f5f5f5f5f60a086880312156119c6575f5ffd5b8535945060208601359350604086013560ff811681146119e4575f5ffd5b94979396509394606081013594506080013592915050565b5f5f60408385031215611a0d575f5ffd5b611a1683611899565b915060208301358015158114611a2a575f5ffd5b809150509250929050565b634e487b7160e01b5f52601160045260245ffd5b6001600160601b03828116828216039081111561062c5761062c611a35565b6001600160601b03818116838216019081111561062c5761062c611a35565b6001600160401b03818116838216019081111561062c5761062c611a35565b5f60208284031215611ab6575f5ffd5b611197826118ee565b6001600160401b03828116828216039081111561062c5761062c611a35565b8181038181111561062c5761062c611a35565b8082018082111561062c5761062c611a35565b5f60208284031215611b14575f5ffd5b505191905056";

    private static String librariesLinkedBinary;

    public static final String FUNC_BURN = "burn";

    public static final String FUNC_COURT = "court";

    public static final String FUNC_DISPUTES = "disputes";

    public static final String FUNC_ESCROW = "escrow";

    public static final String FUNC_HASHSESSIONKEY = "hashSessionKey";

    public static final String FUNC_HOLD = "hold";

    public static final String FUNC_KEYRECORDED = "keyRecorded";

    public static final String FUNC_OWNEROF = "ownerOf";

    public static final String FUNC_PAYEEOF = "payeeOf";

    public static final String FUNC_RECORDKEY = "recordKey";

    public static final String FUNC_REGISTER = "register";

    public static final String FUNC_REVOKEKEY = "revokeKey";

    public static final String FUNC_REVOKEDAT = "revokedAt";

    public static final String FUNC_SETPAYEE = "setPayee";

    public static final String FUNC_SLASH = "slash";

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

    public static final Event STAKEHELD_EVENT = new Event("StakeHeld", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>(true) {}, new TypeReference<Uint256>() {}));
    ;

    public static final Event STAKESLASHED_EVENT = new Event("StakeSlashed", 
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

    public static final CustomError AMOUNTTOOLARGE_ERROR = new CustomError("AmountTooLarge", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Uint256>() {}, new TypeReference<Uint256>() {}));
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

    public static final CustomError NOTTHECOURT_ERROR = new CustomError("NotTheCourt", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}));
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

    public static final CustomError SAFECASTOVERFLOWEDUINTDOWNCAST_ERROR = new CustomError("SafeCastOverflowedUintDowncast", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Uint8>() {}, new TypeReference<Uint256>() {}));
    ;

    public static final CustomError SAFEERC20FAILEDOPERATION_ERROR = new CustomError("SafeERC20FailedOperation", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}));
    ;

    public static final CustomError STAKEHELD_ERROR = new CustomError("StakeHeld", 
            Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}, new TypeReference<Uint256>() {}));
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

    public RemoteFunctionCall<String> court() {
        final Function function = new Function(FUNC_COURT, 
                Arrays.<Type>asList(), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Address>() {}));
        return executeRemoteCallSingleValueReturn(function, String.class);
    }

    public RemoteFunctionCall<BigInteger> disputes(String owner) {
        final Function function = new Function(FUNC_DISPUTES, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, owner)), 
                Arrays.<TypeReference<?>>asList(new TypeReference<Uint256>() {}));
        return executeRemoteCallSingleValueReturn(function, BigInteger.class);
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

    public RemoteFunctionCall<TransactionReceipt> hold(String owner, Boolean yes) {
        final Function function = new Function(
                FUNC_HOLD, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, owner), 
                new org.web3j.abi.datatypes.Bool(yes)), 
                Collections.<TypeReference<?>>emptyList());
        return executeRemoteCallTransaction(function);
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

    public RemoteFunctionCall<TransactionReceipt> recordKey(SessionKey key, Signature signature) {
        final Function function = new Function(
                FUNC_RECORDKEY, 
                Arrays.<Type>asList(key, 
                signature), 
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

    public RemoteFunctionCall<TransactionReceipt> slash(String owner, BigInteger amount) {
        final Function function = new Function(
                FUNC_SLASH, 
                Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, owner), 
                new org.web3j.abi.datatypes.generated.Uint256(amount)), 
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

    public static List<StakeHeldEventResponse> getStakeHeldEvents(
            TransactionReceipt transactionReceipt) {
        List<Contract.EventValuesWithLog> valueList = staticExtractEventParametersWithLog(STAKEHELD_EVENT, transactionReceipt);
        ArrayList<StakeHeldEventResponse> responses = new ArrayList<StakeHeldEventResponse>(valueList.size());
        for (Contract.EventValuesWithLog eventValues : valueList) {
            StakeHeldEventResponse typedResponse = new StakeHeldEventResponse();
            typedResponse.log = eventValues.getLog();
            typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
            typedResponse.disputes = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
            responses.add(typedResponse);
        }
        return responses;
    }

    public static StakeHeldEventResponse getStakeHeldEventFromLog(Log log) {
        Contract.EventValuesWithLog eventValues = staticExtractEventParametersWithLog(STAKEHELD_EVENT, log);
        StakeHeldEventResponse typedResponse = new StakeHeldEventResponse();
        typedResponse.log = log;
        typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
        typedResponse.disputes = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
        return typedResponse;
    }

    public Flowable<StakeHeldEventResponse> stakeHeldEventFlowable(EthFilter filter) {
        return web3j.ethLogFlowable(filter).map(log -> getStakeHeldEventFromLog(log));
    }

    public Flowable<StakeHeldEventResponse> stakeHeldEventFlowable(DefaultBlockParameter startBlock,
            DefaultBlockParameter endBlock) {
        EthFilter filter = new EthFilter(startBlock, endBlock, getContractAddress());
        filter.addSingleTopic(EventEncoder.encode(STAKEHELD_EVENT));
        return stakeHeldEventFlowable(filter);
    }

    public static List<StakeSlashedEventResponse> getStakeSlashedEvents(
            TransactionReceipt transactionReceipt) {
        List<Contract.EventValuesWithLog> valueList = staticExtractEventParametersWithLog(STAKESLASHED_EVENT, transactionReceipt);
        ArrayList<StakeSlashedEventResponse> responses = new ArrayList<StakeSlashedEventResponse>(valueList.size());
        for (Contract.EventValuesWithLog eventValues : valueList) {
            StakeSlashedEventResponse typedResponse = new StakeSlashedEventResponse();
            typedResponse.log = eventValues.getLog();
            typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
            typedResponse.amount = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
            typedResponse.left = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
            responses.add(typedResponse);
        }
        return responses;
    }

    public static StakeSlashedEventResponse getStakeSlashedEventFromLog(Log log) {
        Contract.EventValuesWithLog eventValues = staticExtractEventParametersWithLog(STAKESLASHED_EVENT, log);
        StakeSlashedEventResponse typedResponse = new StakeSlashedEventResponse();
        typedResponse.log = log;
        typedResponse.owner = (String) eventValues.getIndexedValues().get(0).getValue();
        typedResponse.amount = (BigInteger) eventValues.getNonIndexedValues().get(0).getValue();
        typedResponse.left = (BigInteger) eventValues.getNonIndexedValues().get(1).getValue();
        return typedResponse;
    }

    public Flowable<StakeSlashedEventResponse> stakeSlashedEventFlowable(EthFilter filter) {
        return web3j.ethLogFlowable(filter).map(log -> getStakeSlashedEventFromLog(log));
    }

    public Flowable<StakeSlashedEventResponse> stakeSlashedEventFlowable(
            DefaultBlockParameter startBlock, DefaultBlockParameter endBlock) {
        EthFilter filter = new EthFilter(startBlock, endBlock, getContractAddress());
        filter.addSingleTopic(EventEncoder.encode(STAKESLASHED_EVENT));
        return stakeSlashedEventFlowable(filter);
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
            ContractGasProvider contractGasProvider, String stakeToken_, BigInteger unbondingTime_,
            String court_) {
        String encodedConstructor = FunctionEncoder.encodeConstructor(Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, stakeToken_), 
                new org.web3j.abi.datatypes.generated.Uint64(unbondingTime_), 
                new org.web3j.abi.datatypes.Address(160, court_)));
        return deployRemoteCall(ProviderRegistry.class, web3j, credentials, contractGasProvider, getDeploymentBinary(), encodedConstructor);
    }

    public static RemoteCall<ProviderRegistry> deploy(Web3j web3j,
            TransactionManager transactionManager, ContractGasProvider contractGasProvider,
            String stakeToken_, BigInteger unbondingTime_, String court_) {
        String encodedConstructor = FunctionEncoder.encodeConstructor(Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, stakeToken_), 
                new org.web3j.abi.datatypes.generated.Uint64(unbondingTime_), 
                new org.web3j.abi.datatypes.Address(160, court_)));
        return deployRemoteCall(ProviderRegistry.class, web3j, transactionManager, contractGasProvider, getDeploymentBinary(), encodedConstructor);
    }

    @Deprecated
    public static RemoteCall<ProviderRegistry> deploy(Web3j web3j, Credentials credentials,
            BigInteger gasPrice, BigInteger gasLimit, String stakeToken_, BigInteger unbondingTime_,
            String court_) {
        String encodedConstructor = FunctionEncoder.encodeConstructor(Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, stakeToken_), 
                new org.web3j.abi.datatypes.generated.Uint64(unbondingTime_), 
                new org.web3j.abi.datatypes.Address(160, court_)));
        return deployRemoteCall(ProviderRegistry.class, web3j, credentials, gasPrice, gasLimit, getDeploymentBinary(), encodedConstructor);
    }

    @Deprecated
    public static RemoteCall<ProviderRegistry> deploy(Web3j web3j,
            TransactionManager transactionManager, BigInteger gasPrice, BigInteger gasLimit,
            String stakeToken_, BigInteger unbondingTime_, String court_) {
        String encodedConstructor = FunctionEncoder.encodeConstructor(Arrays.<Type>asList(new org.web3j.abi.datatypes.Address(160, stakeToken_), 
                new org.web3j.abi.datatypes.generated.Uint64(unbondingTime_), 
                new org.web3j.abi.datatypes.Address(160, court_)));
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

    public static class Signature extends StaticStruct {
        public byte[] r;

        public byte[] vs;

        public Signature(byte[] r, byte[] vs) {
            super(new org.web3j.abi.datatypes.generated.Bytes32(r), 
                    new org.web3j.abi.datatypes.generated.Bytes32(vs));
            this.r = r;
            this.vs = vs;
        }

        public Signature(Bytes32 r, Bytes32 vs) {
            super(r, vs);
            this.r = r.getValue();
            this.vs = vs.getValue();
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

    public static class StakeHeldEventResponse extends BaseEventResponse {
        public String owner;

        public BigInteger disputes;
    }

    public static class StakeSlashedEventResponse extends BaseEventResponse {
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
