/** What an epoch says: its lines in their order, their tree, the accounts, and the file that lets anybody compute them again. */
@NullMarked
package io.perigee.protocol.epoch;

import org.jspecify.annotations.NullMarked;
