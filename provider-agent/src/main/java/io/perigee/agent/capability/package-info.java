/** What this machine is and what its owner lends of it. */
@NullMarked
package io.perigee.agent.capability;

import org.jspecify.annotations.NullMarked;
