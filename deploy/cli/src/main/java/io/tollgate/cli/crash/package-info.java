/**
 * The aggregator killed again and again in the middle of a load, against an oracle that counts the same events another
 * way.
 */
@NullMarked
package io.tollgate.cli.crash;

import org.jspecify.annotations.NullMarked;
