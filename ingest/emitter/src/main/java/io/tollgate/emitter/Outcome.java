package io.tollgate.emitter;

/** What became of one event that was offered to an {@link Emitter}. */
public sealed interface Outcome {

    /** The three things that can become of an event. */
    enum Kind {
        /** Kafka has it, on all in-sync replicas. */
        ACCEPTED,
        /** It is on this machine's disk, fsynced, and will be sent when Kafka is back. */
        SPOOLED,
        /** Nobody answers for it; the source should hold back, or mend the event. */
        REFUSED
    }

    /** Why an event was refused. */
    enum Reason {
        /** Nobody can send it as it is: a field is missing, it is too large, or Kafka does not allow it to this emitter. */
        INVALID,
        /** Kafka did not acknowledge it in time, and the emitter has no spool. */
        KAFKA_AWAY,
        /** The spool has all the bytes that it may have. */
        SPOOL_FULL,
        /** The disk did not take it. */
        SPOOL_FAILED,
        /** Memory for events without an outcome was used up for as long as a caller may be held. */
        BUSY,
        /** The emitter was closed before. */
        CLOSED
    }

    Kind kind();

    /** @param place where it stands */
    record Accepted(Emitted place) implements Outcome {
        @Override
        public Kind kind() {
            return Kind.ACCEPTED;
        }
    }

    /** Durable here; it arrives at least once, and its copies are dropped by (source, id). */
    record Spooled() implements Outcome {
        @Override
        public Kind kind() {
            return Kind.SPOOLED;
        }
    }

    /**
     * Not taken. Kafka may have the event all the same, if only the acknowledgement was lost: giving it again is safe.
     *
     * @param cause tells whether giving it again may help
     */
    record Refused(Reason reason, EmitException cause) implements Outcome {
        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }
    }
}
