/** What settlement asks of a chain node, and the few values of the answers; no library of Ethereum shows here. */
@NullMarked
package io.perigee.settlement.chain;

import org.jspecify.annotations.NullMarked;
