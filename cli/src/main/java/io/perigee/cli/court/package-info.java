/** Disputes taken to the market's court by people's own hands: accuse, judge, look. Asks no hub where it need not. */
@NullMarked
package io.perigee.cli.court;

import org.jspecify.annotations.NullMarked;
