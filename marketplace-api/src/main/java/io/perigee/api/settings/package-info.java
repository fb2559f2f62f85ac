/** What an operator can set. */
@NullMarked
package io.perigee.api.settings;

import org.jspecify.annotations.NullMarked;
