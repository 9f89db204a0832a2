package io.tollgate.invoicing.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;

/**
 * Which month is rated again, and by what.
 *
 * @param period a month of UTC, {@code yyyy-MM}
 * @param book name of a price book
 * @param version of the book; when absent, those in force
 * @param draft true for the draft of the book's next version
 */
@Schema(name = "SimulationRequest")
public record SimulationRequest(
        @JsonProperty(required = true) String period,
        @JsonProperty(required = true) String book,
        Optional<Integer> version,
        Optional<Boolean> draft) {}
