package io.tollgate.invoicing.document;

import io.tollgate.invoicing.anomaly.Anomaly;
import java.time.LocalDate;

/**
 * What is out of the ordinary about a day, as it is kept.
 *
 * @param provider empty, with the model, for all that the tenant used
 * @param expected decimal digits, as the other amounts
 * @param score in standard deviations, decimal digits
 * @param against the ordinary day that the change is compared with
 */
public record AnomalyDocument(
        LocalDate day,
        String provider,
        String model,
        String currency,
        String expected,
        String actual,
        String difference,
        String score,
        LocalDate against,
        ChangeDocument change) {

    public static AnomalyDocument of(Anomaly anomaly) {
        return new AnomalyDocument(
                anomaly.day(),
                anomaly.scope().provider(),
                anomaly.scope().model(),
                anomaly.actual().currency().getCurrencyCode(),
                anomaly.expected().digits(),
                anomaly.actual().digits(),
                anomaly.difference().digits(),
                anomaly.score().toPlainString(),
                anomaly.against(),
                ChangeDocument.of(anomaly.explanation()));
    }

    /** Whether it is about all that the tenant used. */
    public boolean ofWhole() {
        return provider.isEmpty() && model.isEmpty();
    }
}
