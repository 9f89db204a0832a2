package io.tollgate.cli.rejected;

import java.time.Instant;

/**
 * An event that was kept out.
 *
 * @param stage who kept it out: edge, replay or aggregator; empty when the record of it is unreadable
 * @param reason stable code
 * @param detail what is wrong and what to do
 * @param origin where it stood
 * @param source with id, its identity; empty when it could not be read
 * @param counted whether an event of that identity is in the rollups: this one sent again, or, of a conflict, the other
 * @param original the bytes as they came
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Rejected(
        Place place,
        Instant at,
        String stage,
        String reason,
        String detail,
        String origin,
        String source,
        String id,
        boolean counted,
        byte[] original) {}
