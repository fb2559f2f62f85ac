/** Other tools' training files, read as jobs: what each key becomes, what is left out and why, and when it cannot be done. */
@NullMarked
package io.perigee.cli.convert;

import org.jspecify.annotations.NullMarked;
