/** Why things are refused: one list of codes, and the wording of every refusal. */
@NullMarked
package io.perigee.protocol.error;

import org.jspecify.annotations.NullMarked;
