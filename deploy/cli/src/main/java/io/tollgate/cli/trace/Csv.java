package io.tollgate.cli.trace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * How a file of values between delimiters (RFC 4180) is written, and the reading of its lines. Line by line, not file by
 * file: an open quotation mark would otherwise swallow the good lines after it. So a value holds no line end.
 */
final class Csv {

    /** Commas, double quotation marks, a header, UTF-8. */
    static final Csv USUAL = new Csv(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private final char quote;
    private final boolean header;
    private final Charset charset;
    private final CsvReader.CsvReaderBuilder reader;

    @JsonCreator
    Csv(
            @JsonProperty("delimiter") Optional<String> delimiter,
            @JsonProperty("quote") Optional<String> quote,
            @JsonProperty("header") Optional<Boolean> header,
            @JsonProperty("charset") Optional<String> charset) {
        this.quote = character("quote", quote.orElse("\""));
        this.header = header.orElse(true);
        this.charset = charset(charset.orElse("UTF-8"));
        char separator = character("delimiter", delimiter.orElse(","));
        if (separator == this.quote) {
            throw new MappingException("delimiter and quote are the same character");
        }
        this.reader = CsvReader.builder()
                .skipEmptyLines(false)
                .fieldSeparator(separator)
                .quoteCharacter(this.quote);
    }

    /** Whether the first line names the columns. */
    boolean hasHeader() {
        return header;
    }

    List<String> fields(RawLine line) throws FaultyLineException {
        String text = line.text(charset);
        // The library takes the end of the line for a missing closing mark (RFC 4180 knows marks in pairs only).
        if (text.chars().filter(character -> character == quote).count() % 2 != 0) {
            throw new FaultyLineException("malformed_csv", "a quotation mark is left open");
        }
        try (CsvReader<CsvRecord> records = reader.ofCsvRecord(text)) {
            Iterator<CsvRecord> record = records.iterator();
            List<String> fields = record.next().getFields();
            if (record.hasNext()) {
                throw new FaultyLineException("malformed_csv", "the line holds a carriage return");
            }
            return fields;
        } catch (IOException | CsvParseException e) {
            throw new FaultyLineException("malformed_csv", "not CSV: " + e.getMessage(), e);
        }
    }

    private static char character(String name, String value) {
        if (value.length() != 1 || value.charAt(0) == '\n' || value.charAt(0) == '\r') {
            throw new MappingException(name + " is one character, in quotes, such as \";\" or \"\\t\"");
        }
        return value.charAt(0);
    }

    private static Charset charset(String name) {
        Charset charset;
        try {
            charset = Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new MappingException("charset \"" + name + "\" is not known; UTF-8, ISO-8859-1, windows-1252 are");
        }
        if (!Arrays.equals("\n".getBytes(charset), new byte[] {'\n'})) {
            // UTF-16 and its like: the bytes are cut into lines before they are decoded.
            throw new MappingException(
                    "charset " + name + " cannot be read line by line; write the file in " + StandardCharsets.UTF_8);
        }
        return charset;
    }
}
