/** What the vendors' admin APIs make of our usage. */
@NullMarked
package io.tollgate.invoicing.adminapi;

import org.jspecify.annotations.NullMarked;
