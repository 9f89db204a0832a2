/** {@code tollgate close}: the end of a month. */
@NullMarked
package io.tollgate.cli.close;

import org.jspecify.annotations.NullMarked;
