/** What people read on a terminal. */
@NullMarked
package io.tollgate.cli.terminal;

import org.jspecify.annotations.NullMarked;
