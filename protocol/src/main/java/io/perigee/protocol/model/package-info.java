/** What a base model's files say about it. */
@NullMarked
package io.perigee.protocol.model;

import org.jspecify.annotations.NullMarked;
