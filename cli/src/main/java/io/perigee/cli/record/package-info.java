/** What builders, owners and numeric classes have shown. */
@NullMarked
package io.perigee.cli.record;

import org.jspecify.annotations.NullMarked;
