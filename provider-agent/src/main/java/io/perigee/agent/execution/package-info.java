/** One attempt from assignment to verdict: inputs, container, borders, seals, reveal. */
@NullMarked
package io.perigee.agent.execution;

import org.jspecify.annotations.NullMarked;
