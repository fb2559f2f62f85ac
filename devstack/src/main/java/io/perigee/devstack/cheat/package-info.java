/** A provider that forges its work, to show what becomes of it. Production code knows nothing of this. */
@NullMarked
package io.perigee.devstack.cheat;

import org.jspecify.annotations.NullMarked;
