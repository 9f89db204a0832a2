package io.tollgate.cli.bench;

import io.tollgate.cli.ExitCode;
import java.util.List;

/**
 * What a benchmark has to tell.
 *
 * @param exitCode not zero when it has found something wrong; see {@link ExitCode}
 */
record Measured(List<Figure> figures, int exitCode) {

    /** One of the benchmarks that only measure. */
    static Measured of(List<Figure> figures) {
        return new Measured(figures, ExitCode.OK);
    }
}
