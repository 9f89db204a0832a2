package io.tollgate.service;

import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.Optional;

/**
 * Asks for the token before anything else under {@code /v1} is looked at. {@link TokenOnEveryMethod} alone would answer
 * strangers 404, 405 or 415 first, and so tell them what there is; it stays, because this filter only knows paths.
 */
final class TokenFirst extends HttpFilter {

    /** Below it every request wants a token, whether there is something or not. */
    static final String GUARDED = "/v1";

    private static final long serialVersionUID = 1L;

    private final transient KnownTokens tokens;
    private final transient JsonMapper json;

    TokenFirst(KnownTokens tokens, JsonMapper json) {
        this.tokens = tokens;
        this.json = json;
    }

    /** Whether the decoded path is under {@link #GUARDED}. */
    static boolean guards(String path) {
        return path.equals(GUARDED) || path.startsWith(GUARDED + "/");
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getServletPath()
                + Optional.ofNullable(request.getPathInfo()).orElse("");
        Optional<ProblemException> refusal = guards(path)
                ? BearerFilter.refusal(request.getHeader(HttpHeaders.AUTHORIZATION), tokens)
                : Optional.empty();
        if (refusal.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        String requestId = RequestId.given(request.getHeader(RequestId.HEADER));
        Problem problem = refusal.get().problem().at(path).with("requestId", requestId);
        refusal.get().headers().forEach(response::setHeader);
        response.setHeader(RequestId.HEADER, requestId);
        UnreadBody.mark(request, response);
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE.toString());
        response.getOutputStream().write(json.writeValueAsBytes(problem));
    }
}
