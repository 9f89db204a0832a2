/** Letters to a real SMTP server, with TLS and login, and a process that is killed between its yes and our mark. */
@NullMarked
package io.tollgate.invoicing.mail;

import org.jspecify.annotations.NullMarked;
