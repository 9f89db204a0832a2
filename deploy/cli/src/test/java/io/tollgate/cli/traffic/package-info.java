/** Where the demo's figures come from, and that its traffic follows them. */
@NullMarked
package io.tollgate.cli.traffic;

import org.jspecify.annotations.NullMarked;
