/** Where the engines are that several parts of Tollgate talk to. Pure: nothing here connects. */
@NullMarked
package io.tollgate.connection;

import org.jspecify.annotations.NullMarked;
