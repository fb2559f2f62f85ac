/** Other programs of this machine, containers above all. */
@NullMarked
package io.perigee.cli.engine;

import org.jspecify.annotations.NullMarked;
