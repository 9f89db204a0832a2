/** The figures that are shipped, against where they come from. */
@NullMarked
package io.tollgate.cli.prices;

import org.jspecify.annotations.NullMarked;
