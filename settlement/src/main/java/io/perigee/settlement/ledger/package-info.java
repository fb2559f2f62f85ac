/** Settlement's own books, and their comparison with what the contracts say. */
@NullMarked
package io.perigee.settlement.ledger;

import org.jspecify.annotations.NullMarked;
