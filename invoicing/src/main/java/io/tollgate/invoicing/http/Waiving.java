package io.tollgate.invoicing.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.billrun.RunException;
import io.tollgate.invoicing.billrun.WaiverWish;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Exceptions of one invoice or note to let pass.
 *
 * @param code of the exceptions
 * @param detail of the only one that is meant, as it was shown; all of the code, if absent
 * @param by who decides, by name
 * @param reason why, for whoever asks later
 */
@Schema(name = "DocumentWaiverWish")
public record Waiving(
        @JsonProperty(required = true) String code,
        Optional<String> detail,
        @JsonProperty(required = true) String by,
        @JsonProperty(required = true) String reason) {

    public Waiving {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(reason, "reason");
    }

    /** @throws io.tollgate.service.ProblemException if one names nobody, or what nobody may let pass */
    static List<WaiverWish> wishes(Optional<List<Waiving>> waivings) {
        return waivings.orElse(List.of()).stream().map(Waiving::wish).toList();
    }

    private WaiverWish wish() {
        if (!Parameters.isText(by) || !Parameters.isText(reason)) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_waiver", "say who lets it pass (by), and why (reason)");
        }
        if (!Parameters.isText(code) || !new RunException("", code, "").canBeWaived()) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE, "cannot_be_waived", Parameters.shown(code) + " cannot be let pass");
        }
        return new WaiverWish(code, detail, by.strip(), reason.strip());
    }
}
