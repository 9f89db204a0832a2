/** When a budget gives cause to an alert, and how often. */
@NullMarked
package io.tollgate.invoicing.alert;

import org.jspecify.annotations.NullMarked;
