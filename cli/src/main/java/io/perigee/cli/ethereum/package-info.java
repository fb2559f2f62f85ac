/** The chain, spoken to with the user's own wallet; web3j stays behind this package. */
@NullMarked
package io.perigee.cli.ethereum;

import org.jspecify.annotations.NullMarked;
