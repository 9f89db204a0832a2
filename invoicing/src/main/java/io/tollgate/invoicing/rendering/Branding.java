package io.tollgate.invoicing.rendering;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What the operator's invoices look like.
 *
 * @param name shown large where there is no logo; the seller's name if it is absent
 * @param colour {@code #rrggbb}, of headings and rules
 * @param logo a PNG or JPEG
 * @param footer lines at the foot of every page: bank account, register, contact
 * @param fonts TrueType fonts for letters that Liberation Sans lacks, in the order in which they are tried
 */
public record Branding(
        Optional<String> name, String colour, Optional<Logo> logo, List<String> footer, List<Path> fonts) {

    private static final String USUAL_COLOUR = "#1f3a5f";
    private static final int LOGO_BYTES_MAX = 1_000_000;
    private static final int FOOTER_LINES_MAX = 4;

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .addModule(new Jdk8Module())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** An image, as a {@code data:} URI. */
    public record Logo(String uri) {

        /** @throws IllegalArgumentException if it is no PNG or JPEG, or larger than 1 MB */
        static Logo of(byte[] bytes, Path file) {
            if (bytes.length > LOGO_BYTES_MAX) {
                throw new IllegalArgumentException(file + " is larger than 1 MB");
            }
            return new Logo("data:" + type(bytes, file) + ";base64,"
                    + Base64.getEncoder().encodeToString(bytes));
        }

        private static String type(byte[] bytes, Path file) {
            if (bytes.length > 3 && bytes[1] == 'P' && bytes[2] == 'N' && bytes[3] == 'G') {
                return "image/png";
            }
            if (bytes.length > 3 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xD8) {
                return "image/jpeg";
            }
            throw new IllegalArgumentException(file + " is no PNG and no JPEG");
        }
    }

    /** As it stands in a file; paths are relative to it. */
    private record InFile(
            Optional<String> name,
            Optional<String> colour,
            Optional<String> logo,
            Optional<List<String>> footer,
            Optional<List<String>> fonts) {}

    public Branding {
        if (!colour.matches("#[0-9a-fA-F]{6}")) {
            throw new IllegalArgumentException("a colour reads #1f3a5f, not \"" + colour + "\"");
        }
        footer = List.copyOf(footer);
        fonts = List.copyOf(fonts);
        if (footer.size() > FOOTER_LINES_MAX) {
            throw new IllegalArgumentException("a footer has at most " + FOOTER_LINES_MAX + " lines");
        }
    }

    /** Plain: the seller's name, no logo, no footer. */
    public static Branding none() {
        return new Branding(Optional.empty(), USUAL_COLOUR, Optional.empty(), List.of(), List.of());
    }

    /**
     * Reads it from YAML or JSON: {@code name}, {@code colour}, {@code logo} and {@code fonts} (files, relative to this
     * one), {@code footer} (lines); all may be absent.
     *
     * @throws IllegalArgumentException if it makes no sense; the message is meant for its author
     * @throws IOException if it, or a file that it names, cannot be read
     */
    public static Branding read(Path file) throws IOException {
        InFile said;
        try {
            said = YAML.readValue(Files.readString(file), InFile.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": " + e.getOriginalMessage(), e);
        }
        Optional<Logo> logo = Optional.empty();
        if (said.logo().isPresent()) {
            Path image = file.resolveSibling(said.logo().get());
            logo = Optional.of(Logo.of(Files.readAllBytes(image), image));
        }
        List<Path> fonts = new ArrayList<>();
        for (String font : said.fonts().orElse(List.of())) {
            Path found = file.resolveSibling(font);
            if (!Files.isReadable(found)) {
                throw new IllegalArgumentException(found + " is no font that can be read");
            }
            fonts.add(found);
        }
        return new Branding(
                said.name(),
                said.colour().orElse(USUAL_COLOUR),
                logo,
                said.footer().orElse(List.of()),
                fonts);
    }
}
