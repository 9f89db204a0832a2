/** How commands talk to a running instance over HTTP. */
@NullMarked
package io.tollgate.cli.api;

import org.jspecify.annotations.NullMarked;
