package io.tollgate.emitter.rules;

import java.util.Locale;

/**
 * Why an event was kept out. The codes are stable: sources and dashboards know them. The advice says what to do about
 * it.
 */
public enum RejectionReason {
    MALFORMED_JSON("Send each event as one JSON object (RFC 8259) in UTF-8, no member twice."),
    MALFORMED_OTLP("Send an OTLP request in the encoding that Content-Type names, no attribute with two values."),
    NOT_AN_OBJECT("Send each event as a JSON object, not as another kind of value."),
    EVENT_TOO_LARGE("Send events of at most 1 MiB each; leave out what is no usage."),
    UNSUPPORTED_SPECVERSION("Set specversion to \"1.0\"."),
    UNSUPPORTED_TYPE("Set type to \"io.tollgate.usage.v1\"."),
    UNSUPPORTED_DATA("Send data as a JSON object, without data_base64, and leave datacontenttype out."),
    INVALID_HEADER(
            "Send each ce- header once, no ce-data and no ce-datacontenttype; percent-encode, as UTF-8, the percent"
                    + " sign and all that is not printable ASCII in their values."),
    MISSING_ATTRIBUTE("Add the attribute; source, id, time and data are required."),
    WRONG_TYPE("Send the value in the JSON type that the documentation names."),
    UNKNOWN_MEMBER("Remove or rename the member; a misspelt one would otherwise be left out of the bill unnoticed."),
    INVALID_TIME("Send the time as in RFC 3339, with an offset, such as 2026-01-02T03:04:05.678Z."),
    NOT_AN_INTEGER("Send amounts as whole numbers of the meter's base unit, without point or exponent."),
    INTEGER_OUT_OF_RANGE("Send amounts between -2^63 and 2^63-1; split what is larger."),
    MISSING_DIMENSION("Name the dimension; nothing can be billed without it."),
    INVALID_IDENTIFIER("Use 1 to 256 characters, not all blank, no control characters; a tenant has 1 to 128 of"
            + " letters, digits and . _ @ -, and starts with a letter or digit."),
    TOO_MANY_TAGS("Send at most 32 tags."),
    INVALID_TAG("Use 1 to 64 characters in a tag's name and at most 256 in its value, no control characters."),
    NO_QUANTITIES("Send at least one meter with its amount."),
    TOO_MANY_QUANTITIES("Send at most 64 meters in one event; split what is more."),
    INVALID_METER("Name meters with a-z, 0-9 and _, starting with a letter, at most 64 characters."),
    NEGATIVE_QUANTITY("Send amounts of zero or more; to take an event back, name it in reverses."),
    POSITIVE_REVERSAL("Send the amounts of the event that is taken back, negated."),
    INVALID_REVERSAL("Name source and id of another event in reverses."),
    NEGATIVE_CONTEXT("Send contextTokens of zero or more, or leave it out."),
    USAGE_WITH_QUANTITIES("Send either quantities, or usage with usageFormat."),
    UNKNOWN_USAGE_FORMAT("Set usageFormat to the format that the provider's API answers in, and send usage with it."),
    USAGE_FIELD_MISSING("Send usage whole, as the provider's API answered it."),
    USAGE_TOTAL_MISMATCH(
            "Send usage as the provider's API answered it, and check that usageFormat is its format: formats"
                    + " disagree on which number includes which."),
    USAGE_PARTS_EXCEED_WHOLE("Send usage as the provider's API answered it, and check that usageFormat is its format:"
            + " formats disagree on which number includes which."),
    NOT_DELTA("Set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta where the metrics are made, or send spans."),
    UNKNOWN_OPERATION("Use one of the operations that the operator knows, or ask for a new one to be added."),
    UNKNOWN_SERVICE_TIER("Use one of the service tiers that the operator knows, or ask for a new one to be added."),
    UNKNOWN_MODEL("Check the spelling of provider and model, or ask the operator to add the model."),
    UNKNOWN_METER("Check the spelling of the meter, or ask the operator to add it."),
    TIME_TOO_OLD("Check the source's clock; if usage of long ago is sent on purpose, send the request with the header"
            + " Tollgate-Backfill: true, by a token that may."),
    TIME_BEFORE_1970("Send the time when the usage happened, from 1970 on; check the unit of the source's clock."),
    TIME_IN_FUTURE("Send the time when the usage happened, at most 24 hours ahead; check the source's clock.");

    private final String advice;

    RejectionReason(String advice) {
        this.advice = advice;
    }

    /** Stable, snake_case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A sentence that says what to do. */
    public String advice() {
        return advice;
    }
}
