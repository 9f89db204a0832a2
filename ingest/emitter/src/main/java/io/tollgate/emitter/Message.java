package io.tollgate.emitter;

import io.tollgate.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What goes to Kafka, and how it stands in the spool: one byte for the topic, four for the length of the key, key, value.
 *
 * @param key empty for a rejected event, which has none
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record Message(Topic topic, byte[] key, byte[] value) {

    private static final int HEADER_BYTES = 5;
    /** What Kafka adds at most to one message alone in its batch. */
    private static final int ENVELOPE_BYTES = 128;

    /** The topics of an emitter, and their numbers in the spool, which never change. */
    enum Topic {
        USAGE(Topics.USAGE_EVENTS, (byte) 0),
        REJECTED(Topics.REJECTED_EVENTS, (byte) 1);

        private final String kafkaName;
        private final byte number;

        Topic(String kafkaName, byte number) {
            this.kafkaName = kafkaName;
            this.number = number;
        }

        String kafkaName() {
            return kafkaName;
        }

        /** What it has of something that both share: refused events are few, or something is wrong with their source. */
        long share(long whole) {
            long quarter = whole / 4;
            return switch (this) {
                case USAGE -> whole - quarter;
                case REJECTED -> quarter;
            };
        }

        private static Optional<Topic> of(byte number) {
            return Arrays.stream(values())
                    .filter(topic -> topic.number == number)
                    .findFirst();
        }
    }

    /** An upper bound of what it takes, in bytes. */
    int bytes() {
        return ENVELOPE_BYTES + key.length + value.length;
    }

    byte[] toBody() {
        return ByteBuffer.allocate(HEADER_BYTES + key.length + value.length)
                .put(topic.number)
                .putInt(key.length)
                .put(key)
                .put(value)
                .array();
    }

    /** Empty when the body is of a later version. */
    static Optional<Message> of(byte[] body) {
        ByteBuffer buffer = ByteBuffer.wrap(body);
        if (body.length < HEADER_BYTES) {
            return Optional.empty();
        }
        Optional<Topic> topic = Topic.of(buffer.get());
        int keyBytes = buffer.getInt();
        if (topic.isEmpty() || keyBytes < 0 || keyBytes > buffer.remaining()) {
            return Optional.empty();
        }
        byte[] key = new byte[keyBytes];
        buffer.get(key);
        byte[] value = new byte[buffer.remaining()];
        buffer.get(value);
        return Optional.of(new Message(topic.get(), key, value));
    }
}
