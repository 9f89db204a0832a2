/** How values on the command line are read, with a plain sentence for those that cannot be. */
@NullMarked
package io.tollgate.cli.options;

import org.jspecify.annotations.NullMarked;
