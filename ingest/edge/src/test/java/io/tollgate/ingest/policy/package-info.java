/** What an operator lets in. */
@NullMarked
package io.tollgate.ingest.policy;

import org.jspecify.annotations.NullMarked;
