/** What happened: the facts on the log, and the envelope that carries facts and commands. */
@NullMarked
package io.perigee.protocol.fact;

import org.jspecify.annotations.NullMarked;
