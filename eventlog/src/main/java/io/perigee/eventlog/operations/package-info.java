/** What an operator looks at: health and metrics over HTTP. */
@NullMarked
package io.perigee.eventlog.operations;

import org.jspecify.annotations.NullMarked;
