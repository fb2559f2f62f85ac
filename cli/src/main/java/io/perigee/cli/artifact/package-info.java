/** Content by its hash. */
@NullMarked
package io.perigee.cli.artifact;

import org.jspecify.annotations.NullMarked;
