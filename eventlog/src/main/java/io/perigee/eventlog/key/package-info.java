/** The keys of the services: in a key file, or in a remote signer that never gives them away. */
@NullMarked
package io.perigee.eventlog.key;

import org.jspecify.annotations.NullMarked;
