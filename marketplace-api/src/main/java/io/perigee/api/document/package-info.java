/** The OpenAPI document. */
@NullMarked
package io.perigee.api.document;

import org.jspecify.annotations.NullMarked;
