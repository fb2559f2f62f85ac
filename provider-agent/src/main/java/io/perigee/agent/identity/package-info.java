/** Who this agent is: its session key, and the owner's word for it. */
@NullMarked
package io.perigee.agent.identity;

import org.jspecify.annotations.NullMarked;
