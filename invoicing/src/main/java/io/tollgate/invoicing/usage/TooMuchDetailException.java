package io.tollgate.invoicing.usage;

/** Usage was asked for in more detail than is held at once; asking for less of it will help. */
public final class TooMuchDetailException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param most how many quantities are held at once */
    public TooMuchDetailException(int most) {
        super("this is about more than " + most
                + " quantities, each one meter of one product and group in one stretch of"
                + " time; ask for a shorter range, longer stretches of time, or fewer tags and projects");
    }
}
