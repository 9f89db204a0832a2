/**
 * Usage and cost in the words of vendors' own admin APIs (OpenAI's and Anthropic's), so that tools which read those read
 * ours. What vendors say is translated here, and nothing is computed anew: quantities are those of the rollups, costs those
 * of the invoices.
 */
@NullMarked
package io.tollgate.invoicing.adminapi;

import org.jspecify.annotations.NullMarked;
