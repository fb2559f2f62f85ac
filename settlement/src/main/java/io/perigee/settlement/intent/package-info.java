/** The chain writer: every transaction is an intent with a purpose, sent at most once, repaired by its own bytes. */
@NullMarked
package io.perigee.settlement.intent;

import org.jspecify.annotations.NullMarked;
