package io.tollgate.aggregator.rollup;

import java.nio.charset.StandardCharsets;

/** A meter's name, kept once for all events that use it. Compared by identity. */
public final class Meter {

    private final String name;
    private final byte[] utf8;

    Meter(String name) {
        this.name = name;
        this.utf8 = name.getBytes(StandardCharsets.UTF_8);
    }

    public String name() {
        return name;
    }

    byte[] utf8() {
        return utf8;
    }
}
