/**
 * What any way in over HTTP needs around its parser: packed bodies, a bound on what is worked on at once, and answers
 * that are given again. It knows no events.
 */
@NullMarked
package io.tollgate.ingest.http;

import org.jspecify.annotations.NullMarked;
