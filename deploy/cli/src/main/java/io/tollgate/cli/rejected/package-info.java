/** Events that were kept out, as the edge tells of them: looking at them, and sending them again. */
@NullMarked
package io.tollgate.cli.rejected;

import org.jspecify.annotations.NullMarked;
