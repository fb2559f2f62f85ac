/** Files that survive a crash, and artifacts named by content. */
@NullMarked
package io.perigee.agent.store;

import org.jspecify.annotations.NullMarked;
