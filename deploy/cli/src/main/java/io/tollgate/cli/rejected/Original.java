package io.tollgate.cli.rejected;

import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.CloudEventWriter;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** The bytes of a rejected event: as the emitter sends them, as they come over HTTP, or anything. */
final class Original {

    private Original() {}

    /** The event in them, if there is one. */
    static Optional<UsageEvent> event(byte[] bytes, Instant now) {
        try {
            return Optional.of(Codec.USAGE_EVENT.decode(bytes));
        } catch (MalformedMessageException e) {
            return CloudEventParser.parse(bytes, EventDefaults.NONE, now) instanceof Parsed.Accepted accepted
                    ? Optional.of(accepted.event())
                    : Optional.empty();
        }
    }

    /** For a person: the event as JSON, else the text, else the bytes in hexadecimal. */
    static String shown(byte[] bytes) {
        try {
            return CloudEventWriter.write(Codec.USAGE_EVENT.decode(bytes));
        } catch (MalformedMessageException e) {
            return text(bytes).orElseGet(() -> "(bytes) " + HexFormat.of().formatHex(bytes));
        }
    }

    /** What sources made up, without what a terminal would take for a command. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().forEach(sign -> printable.appendCodePoint(Character.isISOControl(sign) ? 0xFFFD : sign));
        return printable.toString();
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // What a terminal would take for a command is shown as bytes.
            return text.codePoints().allMatch(sign -> sign == '\n' || sign == '\t' || !Character.isISOControl(sign))
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
