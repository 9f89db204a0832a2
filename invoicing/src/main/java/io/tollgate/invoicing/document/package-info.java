/** The JSON of invoices and price books. What is written here is stored and handed out for ever, so its bytes are canonical. */
@NullMarked
package io.tollgate.invoicing.document;

import org.jspecify.annotations.NullMarked;
