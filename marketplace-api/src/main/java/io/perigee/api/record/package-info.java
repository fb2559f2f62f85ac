/** What owners, builders and numeric classes have shown, for whoever wants to know. */
@NullMarked
package io.perigee.api.record;

import org.jspecify.annotations.NullMarked;
