package io.tollgate.cli.trace;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** One physical line: its bytes, or the beginning of them when it is too long to be one. */
final class RawLine {

    private final long number;
    private final long length;
    private final byte[] kept;

    /**
     * @param number counted from 1
     * @param length bytes that the line really has, without its line end
     * @param kept all of them, or the first {@link LineReader#KEPT_BYTES} when there are more
     */
    RawLine(long number, long length, byte[] kept) {
        this.number = number;
        this.length = length;
        this.kept = kept;
    }

    long number() {
        return number;
    }

    /** Must not be changed by the caller: copying every line would cost more than parsing it. */
    byte[] bytes() {
        return kept;
    }

    boolean isBlank() {
        for (byte b : kept) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return !isTooLong();
    }

    boolean isTooLong() {
        return length > LineReader.MAX_BYTES;
    }

    /** The line as text; refuses what is not in the charset instead of putting question marks into it. */
    String text(Charset charset) throws FaultyLineException {
        try {
            CharBuffer text = charset.newDecoder().decode(ByteBuffer.wrap(kept));
            return text.toString();
        } catch (CharacterCodingException e) {
            String reason = charset.equals(StandardCharsets.UTF_8) ? "not_utf8" : "not_in_charset";
            throw new FaultyLineException(reason, "the line is not " + charset + " text", e);
        }
    }

    TraceLine.Bad bad(String reason, String detail) {
        if (length <= LineReader.KEPT_BYTES) {
            return new TraceLine.Bad(number, reason, detail, ByteBuffer.wrap(kept));
        }
        String shortened = detail + "; of its " + length + " bytes the first " + LineReader.KEPT_BYTES + " are kept";
        return new TraceLine.Bad(number, reason, shortened, ByteBuffer.wrap(kept));
    }
}
