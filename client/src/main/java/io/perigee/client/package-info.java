/** The Java client of a hub: everything its HTTP API offers, with signing, resuming and retrying done. */
@NullMarked
package io.perigee.client;

import org.jspecify.annotations.NullMarked;
