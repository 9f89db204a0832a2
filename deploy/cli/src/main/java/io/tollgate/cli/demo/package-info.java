/** The demo: a month of a small platform, metered and billed, and where to look next. */
@NullMarked
package io.tollgate.cli.demo;

import org.jspecify.annotations.NullMarked;
