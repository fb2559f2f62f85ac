/** An owner's providers: registered, staked, and enrolled with a session key. */
@NullMarked
package io.perigee.cli.provider;

import org.jspecify.annotations.NullMarked;
