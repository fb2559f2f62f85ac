/** The conversation with agents, who are strangers until a signature says otherwise. */
@NullMarked
package io.perigee.api.gateway;

import org.jspecify.annotations.NullMarked;
