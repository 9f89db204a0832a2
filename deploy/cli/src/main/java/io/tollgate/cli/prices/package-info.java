/** Price books from the command line: the list prices that an instance starts with, and the publishing of others. */
@NullMarked
package io.tollgate.cli.prices;

import org.jspecify.annotations.NullMarked;
