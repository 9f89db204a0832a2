/** The laws of every HTTP service, tried on a tiny one over real HTTP. */
@NullMarked
package io.tollgate.service;

import org.jspecify.annotations.NullMarked;
