/** The aggregator killed again and again, alone and beside another one. */
@NullMarked
package io.tollgate.cli.crash;

import org.jspecify.annotations.NullMarked;
