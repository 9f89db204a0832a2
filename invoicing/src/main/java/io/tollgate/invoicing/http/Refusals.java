package io.tollgate.invoicing.http;

import io.tollgate.invoicing.document.Reading;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import java.util.List;

/** The problems that invoicing answers with. */
final class Refusals {

    static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;
    static final int UNPROCESSABLE = 422;
    static final int UNAVAILABLE = 503;

    /** One of several reasons. */
    record Reason(String code, String detail) {}

    private Refusals() {}

    static ProblemException of(int status, String code, String detail) {
        return new ProblemException(Problem.of(status, code, detail));
    }

    /** A problem named after the first of its reasons, with all of them in {@code errors}. */
    static ProblemException of(int status, List<Reason> reasons) {
        Reason first = reasons.get(0);
        return new ProblemException(
                Problem.of(status, first.code(), first.detail()).with("errors", reasons));
    }

    /** What is wrong with a document and where, in {@code errors}. */
    static ProblemException faults(List<Reading.Fault> faults) {
        Reading.Fault first = faults.get(0);
        return new ProblemException(
                Problem.of(UNPROCESSABLE, first.code(), first.detail()).with("errors", faults));
    }

    static ProblemException noPriceBook(String name) {
        return of(NOT_FOUND, "no_price_book", "no such version of a price book " + Parameters.shown(name));
    }

    static ProblemException noListPrices() {
        return of(CONFLICT, "no_price_book", "no price book named \"list\" is published; publish one first");
    }
}
