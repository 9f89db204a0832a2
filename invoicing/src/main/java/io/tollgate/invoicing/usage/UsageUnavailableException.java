package io.tollgate.invoicing.usage;

/** Usage cannot be read now; trying again later may help. */
public final class UsageUnavailableException extends RuntimeException {

    public UsageUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
