/** Real servers and valid-by-default data for the agent's tests. */
@NullMarked
package io.perigee.agent.testing;

import org.jspecify.annotations.NullMarked;
