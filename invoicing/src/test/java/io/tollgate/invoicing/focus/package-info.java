/** The tests of the package, and the specification's own model of its rules, evaluated. */
@NullMarked
package io.tollgate.invoicing.focus;

import org.jspecify.annotations.NullMarked;
