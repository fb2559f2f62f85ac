/** Names and numbers that must not be mixed up: each a type with one spelling. */
@NullMarked
package io.perigee.protocol.id;

import org.jspecify.annotations.NullMarked;
