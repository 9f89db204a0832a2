package io.tollgate.ingest.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two encodings of OTLP over HTTP. Source: OTLP specification 1.9, "Binary Protobuf Encoding" and "JSON Protobuf
 * Encoding".
 */
public enum OtlpEncoding {
    PROTOBUF("application/x-protobuf"),
    JSON("application/json");

    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer()
            .omittingInsignificantWhitespace()
            .printingEnumsAsInts()
            .usingTypeRegistry(
                    TypeRegistry.newBuilder().add(BadRequest.getDescriptor()).build());

    private static final int WORDS_MAX = 300;
    private static final int KEPT_BYTES_MAX = 16 << 20;

    private final String mediaType;

    OtlpEncoding(String mediaType) {
        this.mediaType = mediaType;
    }

    /** Without parameters. */
    public String mediaType() {
        return mediaType;
    }

    /** The encoding of a Content-Type; JSON if it is none of the two, since a person can read that. */
    public static OtlpEncoding of(@Nullable String contentType) {
        return contentType != null
                        && contentType
                                .strip()
                                .regionMatches(true, 0, PROTOBUF.mediaType, 0, PROTOBUF.mediaType.length())
                ? PROTOBUF
                : JSON;
    }

    /**
     * Reads a message. Fields that are not known are passed over.
     *
     * @param message an empty one, which takes what was read
     * @return what is wrong with the bytes, if they hold no such message
     */
    public Optional<String> read(byte[] bytes, Message.Builder message) {
        try {
            if (this == PROTOBUF) {
                message.mergeFrom(bytes);
            } else {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                PARSER.merge(IdEncoding.HEX_TO_BASE64.rewrite(text), message);
            }
            return Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.of("It is not UTF-8.");
        } catch (InvalidProtocolBufferException | IdEncoding.NotJsonException e) {
            String words = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", "?");
            return Optional.of(words.length() > WORDS_MAX ? words.substring(0, WORDS_MAX) + "…" : words);
        }
    }

    /** Writes a message. */
    public byte[] write(Message message) {
        try {
            return this == PROTOBUF
                    ? message.toByteArray()
                    : IdEncoding.BASE64_TO_HEX.rewrite(PRINTER.print(message)).getBytes(StandardCharsets.UTF_8);
        } catch (InvalidProtocolBufferException | IdEncoding.NotJsonException e) {
            throw new IllegalStateException("what was read can be written", e);
        }
    }

    /**
     * A message as it is kept: in JSON, which a person can read, unless its escapes make it larger than what is kept of
     * any event. The binary one is never larger than what came.
     */
    static byte[] kept(Message message) {
        byte[] json = JSON.write(message);
        return json.length <= KEPT_BYTES_MAX ? json : PROTOBUF.write(message);
    }
}
