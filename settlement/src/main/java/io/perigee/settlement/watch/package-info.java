/** The chain watcher: blocks by number, hash and parent, and effects only of what has enough confirmations. */
@NullMarked
package io.perigee.settlement.watch;

import org.jspecify.annotations.NullMarked;
