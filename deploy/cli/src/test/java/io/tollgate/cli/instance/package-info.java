/** Tests of the package of the same name. */
@NullMarked
package io.tollgate.cli.instance;

import org.jspecify.annotations.NullMarked;
