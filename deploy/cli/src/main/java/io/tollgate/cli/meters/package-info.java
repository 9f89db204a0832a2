/** The meter catalogue of an instance: the usual meters, and those of a file. */
@NullMarked
package io.tollgate.cli.meters;

import org.jspecify.annotations.NullMarked;
