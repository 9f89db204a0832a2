/**
 * Alerts: what somebody is to be told once, and when a budget gives cause to. Pure: no I/O, no clock; what was raised stands
 * in {@code postgres}, and goes out as webhooks and letters.
 */
@NullMarked
package io.tollgate.invoicing.alert;

import org.jspecify.annotations.NullMarked;
