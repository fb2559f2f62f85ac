// Every message of the protocol, in the order of its fields. One place, so that generator and reader agree.
export const TYPES = {
  JobOrder: [
    ['address', 'builder'], ['address', 'hub'], ['bytes32', 'jobId'], ['bytes32', 'specHash'], ['address', 'token'],
    ['uint256', 'maxPayment'], ['uint32', 'segments'], ['uint8', 'quorum'], ['bool', 'direct'], ['uint64', 'validAfter'],
    ['uint64', 'deadline'],
  ],
  Assignment: [
    ['bytes32', 'orderHash'], ['uint32', 'attempt'], ['bytes32', 'provider'], ['address', 'owner'], ['uint8', 'role'],
    ['uint32', 'fromBorder'], ['uint32', 'toBorder'], ['bytes32', 'numericClass'], ['uint256', 'price'],
    ['uint256', 'bond'], ['bytes32', 'secretHash'], ['uint64', 'issuedAt'], ['uint64', 'leaseUntil'],
  ],
  Acceptance: [['bytes32', 'assignmentHash']],
  Commitment: [['bytes32', 'assignmentHash'], ['uint32', 'toBorder'], ['bytes32', 'seal']],
  Receipt: [['bytes32', 'commitmentHash'], ['uint64', 'receivedAt'], ['uint64', 'drawBlock']],
  Verdict: [
    ['bytes32', 'assignmentHash'], ['bytes32', 'commitmentHash'], ['bytes32', 'root'], ['bytes32', 'outputDigest'],
    ['uint32', 'verifiedTo'],
  ],
  Release: [['bytes32', 'orderHash'], ['bytes32', 'assignmentHash'], ['address', 'payee'], ['uint256', 'amount']],
  SessionKey: [
    ['address', 'owner'], ['bytes32', 'provider'], ['address', 'key'], ['address', 'hub'], ['uint32', 'serial'],
    ['uint64', 'notBefore'], ['uint64', 'expiresAt'],
  ],
};

/** Who signs which message. */
export const SIGNER = {
  JobOrder: 'builder', Assignment: 'hub', Acceptance: 'session', Commitment: 'session', Receipt: 'hub',
  Verdict: 'session', Release: 'builder', SessionKey: 'owner',
};

export const typedFields = (name) => TYPES[name].map(([type, field]) => ({name: field, type}));

export const typeString = (name) => `${name}(${TYPES[name].map(([type, field]) => `${type} ${field}`).join(',')})`;
