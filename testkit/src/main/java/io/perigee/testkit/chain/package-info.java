/** A real development chain (anvil), in a process of its own. */
@org.jspecify.annotations.NullMarked
package io.perigee.testkit.chain;
