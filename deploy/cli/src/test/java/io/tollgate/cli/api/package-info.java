/** Tests of the package of the same name. */
@NullMarked
package io.tollgate.cli.api;

import org.jspecify.annotations.NullMarked;
