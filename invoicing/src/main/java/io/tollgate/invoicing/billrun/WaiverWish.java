package io.tollgate.invoicing.billrun;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * That somebody wants to let exceptions of one invoice or note pass.
 *
 * @param code of the exceptions
 * @param detail of the only one that is meant, as it was shown; all of the code, if absent
 * @param by who, by name
 * @param reason why
 */
public record WaiverWish(String code, Optional<String> detail, String by, String reason) {

    /** What one of the wishes makes of an exception; empty if none fits, or it may not be let pass. */
    public static Optional<Waiver> of(List<WaiverWish> wishes, RunException exception, Instant now) {
        return wishes.stream()
                .filter(wish -> exception.canBeWaived()
                        && wish.code.equals(exception.code())
                        && wish.detail.map(exception.detail()::equals).orElse(true))
                .findFirst()
                .map(wish -> new Waiver(exception, wish.by, wish.reason, now));
    }
}
