/** The product from end to end: the real command, on the real engines, in processes of its own. */
@NullMarked
package io.tollgate.cli.e2e;

import org.jspecify.annotations.NullMarked;
