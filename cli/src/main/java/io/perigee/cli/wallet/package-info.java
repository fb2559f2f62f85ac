/** The user's key and money. */
@NullMarked
package io.perigee.cli.wallet;

import org.jspecify.annotations.NullMarked;
