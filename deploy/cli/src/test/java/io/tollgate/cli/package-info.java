/** What the tests of this module share. */
@NullMarked
package io.tollgate.cli;

import org.jspecify.annotations.NullMarked;
