/** LiteLLM's public price file as a price book, with a report of what of it was taken. Pure: text in, values out. */
@NullMarked
package io.tollgate.invoicing.litellm;

import org.jspecify.annotations.NullMarked;
