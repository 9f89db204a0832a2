/** What people get to read. */
@NullMarked
package io.tollgate.cli.terminal;

import org.jspecify.annotations.NullMarked;
