/** The one place that knows web3j: the node, the key that signs, and the contracts' encodings. */
@NullMarked
package io.perigee.settlement.ethereum;

import org.jspecify.annotations.NullMarked;
