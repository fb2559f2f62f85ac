/** What the parties sign: the EIP-712 messages of docs/protocol.md and their digests. */
@NullMarked
package io.perigee.protocol.message;

import org.jspecify.annotations.NullMarked;
