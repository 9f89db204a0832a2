/** What is said about a file of meters that is wrong. */
@NullMarked
package io.tollgate.cli.meters;

import org.jspecify.annotations.NullMarked;
