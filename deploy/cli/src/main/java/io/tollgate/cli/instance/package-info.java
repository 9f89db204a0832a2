/** A whole Tollgate on one machine: its parts, its services, its directory, and how other commands find it. */
@NullMarked
package io.tollgate.cli.instance;

import org.jspecify.annotations.NullMarked;
