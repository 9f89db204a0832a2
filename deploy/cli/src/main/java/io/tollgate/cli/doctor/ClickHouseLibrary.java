package io.tollgate.cli.doctor;

import java.nio.file.Path;
import java.util.Optional;

/** Tells where the embedded ClickHouse's library lies; whoever fetches it knows. */
@FunctionalInterface
public interface ClickHouseLibrary {

    /** The library, when it need not be fetched any more. */
    Optional<Path> cached();
}
