/**
 * What every HTTP service of Tollgate shares: a Dropwizard server that starts and stops inside a JVM, bearer tokens,
 * problem details for every error, an OpenAPI document, health and Prometheus metrics.
 */
@NullMarked
package io.tollgate.service;

import org.jspecify.annotations.NullMarked;
