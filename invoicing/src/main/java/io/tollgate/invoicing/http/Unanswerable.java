package io.tollgate.invoicing.http;

import io.tollgate.invoicing.chargeback.DifferentCurrenciesException;
import io.tollgate.invoicing.spend.MixedCurrenciesException;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import io.tollgate.service.Problem;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.List;

/** Answers for questions about usage and cost that have none, whoever is asked. */
public final class Unanswerable {

    /** What the OpenAPI document says about it. */
    static final String TOO_MUCH_DETAIL = "`too_much_detail`: usage is told in more detail than is held at once";

    private Unanswerable() {}

    /** JAX-RS components. */
    public static List<Object> mappers() {
        return List.of(new Detail(), new Currencies(), new Documents());
    }

    private static Response answer(int status, String code, Exception why) {
        return Response.status(status)
                .entity(Problem.of(status, code, String.valueOf(why.getMessage())))
                .type(Problem.MEDIA_TYPE)
                .build();
    }

    private static final class Detail implements ExceptionMapper<TooMuchDetailException> {
        @Override
        public Response toResponse(TooMuchDetailException exception) {
            return answer(Refusals.UNPROCESSABLE, "too_much_detail", exception);
        }
    }

    private static final class Currencies implements ExceptionMapper<MixedCurrenciesException> {
        @Override
        public Response toResponse(MixedCurrenciesException exception) {
            return answer(Refusals.CONFLICT, "mixed_currencies", exception);
        }
    }

    private static final class Documents implements ExceptionMapper<DifferentCurrenciesException> {
        @Override
        public Response toResponse(DifferentCurrenciesException exception) {
            return answer(Refusals.CONFLICT, "mixed_currencies", exception);
        }
    }
}
