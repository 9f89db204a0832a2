/** What the doctor sees, on machines good and bad. */
@NullMarked
package io.tollgate.cli.doctor;

import org.jspecify.annotations.NullMarked;
