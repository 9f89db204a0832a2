package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.anomaly.Sensitivity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * From when on a tenant's day is out of the ordinary: all bounds must be reached.
 *
 * @param leastAmount by how much it must cost more or less than expected, in major units; decimal digits
 * @param leastShare the same as a share of what was expected; decimal digits
 * @param leastScore the same in standard deviations of the tenant's days; decimal digits
 * @param recipients e-mail addresses that are told, beside webhooks
 */
@Schema(name = "AnomalySettings")
public record SensitivityDocument(String leastAmount, String leastShare, String leastScore, List<String> recipients) {

    public static final SensitivityDocument USUAL =
            new Wish(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()).toSettings();

    /**
     * Settings of which what is left out is the usual.
     *
     * @param leastAmount by how much a day must cost more or less than expected, in major units; decimal digits, usually 10
     * @param leastShare the same as a share of what was expected; decimal digits, usually 0.25
     * @param leastScore the same in standard deviations of the tenant's days; decimal digits, usually 3.5
     * @param recipients e-mail addresses that are told, beside webhooks; usually none
     */
    @Schema(name = "AnomalySettingsWish")
    public record Wish(
            Optional<String> leastAmount,
            Optional<String> leastShare,
            Optional<String> leastScore,
            Optional<List<String>> recipients) {

        /** @throws IllegalArgumentException if a bound is no number or out of range */
        public SensitivityDocument toSettings() {
            Sensitivity bounds = new Sensitivity(
                    leastAmount.map(BigDecimal::new).orElse(Sensitivity.USUAL.leastAmount()),
                    leastShare.map(BigDecimal::new).orElse(Sensitivity.USUAL.leastShare()),
                    leastScore.map(BigDecimal::new).orElse(Sensitivity.USUAL.leastScore()));
            return new SensitivityDocument(
                    bounds.leastAmount().toPlainString(),
                    bounds.leastShare().toPlainString(),
                    bounds.leastScore().toPlainString(),
                    List.copyOf(new TreeSet<>(recipients.orElse(List.of()))));
        }
    }

    public Sensitivity toSensitivity() {
        return new Sensitivity(new BigDecimal(leastAmount), new BigDecimal(leastShare), new BigDecimal(leastScore));
    }

    public SortedSet<String> addresses() {
        return new TreeSet<>(recipients);
    }
}
