/** What people see: colours, tables, bars, plots, and a job's life as it happens. */
@NullMarked
package io.perigee.cli.view;

import org.jspecify.annotations.NullMarked;
