/** What a fine-tune says, beside what its base says. */
@NullMarked
package io.perigee.cli.answer;

import org.jspecify.annotations.NullMarked;
