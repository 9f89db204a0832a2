/** Tests of the package of the same name. */
@NullMarked
package io.tollgate.cli.replay;

import org.jspecify.annotations.NullMarked;
