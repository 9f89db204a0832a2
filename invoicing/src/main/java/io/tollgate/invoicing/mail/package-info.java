/** Letters to people over SMTP: from the outbox to the server that passes them on, at least once, each with one id. */
@NullMarked
package io.tollgate.invoicing.mail;

import org.jspecify.annotations.NullMarked;
