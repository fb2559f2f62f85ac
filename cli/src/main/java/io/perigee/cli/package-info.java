/** The command-line program: thin over the client and, for what must work with the hub gone, over the contracts. */
@NullMarked
package io.perigee.cli;

import org.jspecify.annotations.NullMarked;
