/**
 * What an operator lets in, beyond what makes an event acceptable at all: how old it may be, and which operations,
 * service tiers, meters and models are known. Pure.
 */
@NullMarked
package io.tollgate.ingest.policy;

import org.jspecify.annotations.NullMarked;
