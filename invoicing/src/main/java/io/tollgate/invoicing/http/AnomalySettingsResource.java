package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.document.SensitivityDocument;
import io.tollgate.invoicing.mail.MailConfig;
import io.tollgate.invoicing.postgres.AnomalyStore;
import io.tollgate.service.Caller;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From when on a tenant's day is out of the ordinary, and who is told. */
@Path("/v1/tenants/{tenant}/anomaly-settings")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class AnomalySettingsResource {

    private static final String INVALID_TENANT = "`invalid_tenant`: it can be no tenant's name";
    private static final int RECIPIENTS_MAX = 20;
    private static final Pattern BOUND = Pattern.compile("\\d{1,12}(\\.\\d{1,12})?");

    private final boolean sendsMail;
    private final AnomalyStore store;
    private final Clock clock;

    public AnomalySettingsResource(AnomalyStore store, boolean sendsMail, Clock clock) {
        this.sendsMail = sendsMail;
        this.store = store;
        this.clock = clock;
    }

    @GET
    @Operation(operationId = "getAnomalySettings", summary = "Get from when on a tenant's day is out of the ordinary")
    @ApiResponse(responseCode = "200", description = "the settings", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "422", description = INVALID_TENANT)
    public SensitivityDocument get(
            @Auth Caller caller,
            @Parameter(description = "whose", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant) {
        String whose = OneTenant.of(caller, tenant);
        return store.settings(List.of(whose)).getOrDefault(whose, SensitivityDocument.USUAL);
    }

    @PUT
    @Operation(
            operationId = "putAnomalySettings",
            summary = "Say from when on a tenant's day is out of the ordinary",
            description = "What is left out is the usual. Its last days are looked at again.")
    @ApiResponse(responseCode = "200", description = "the settings", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(
            responseCode = "422",
            description =
                    INVALID_TENANT + "; `invalid_body`; `invalid_anomaly_settings`: a bound or an address is none")
    public SensitivityDocument put(
            @Auth Caller caller,
            @Parameter(description = "whose", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant,
            @RequestBody(
                            description = "the settings",
                            required = true,
                            content = @Content(schema = @Schema(implementation = SensitivityDocument.Wish.class)))
                    SensitivityDocument.@Nullable Wish wish) {
        String whose = OneTenant.of(caller, tenant);
        SensitivityDocument settings = settings(wish);
        store.set(whose, settings, clock.instant());
        return settings;
    }

    private SensitivityDocument settings(SensitivityDocument.@Nullable Wish wish) {
        if (wish == null) {
            throw invalid("there are no settings in it");
        }
        for (Optional<String> bound : List.of(wish.leastAmount(), wish.leastShare(), wish.leastScore())) {
            if (bound.filter(text -> !BOUND.matcher(text).matches()).isPresent()) {
                throw invalid("bounds are decimal digits, such as \"12.50\"");
            }
        }
        List<String> recipients = wish.recipients().orElse(List.of());
        if (recipients.size() > RECIPIENTS_MAX || !recipients.stream().allMatch(MailConfig::isAddress)) {
            throw invalid("recipients are at most " + RECIPIENTS_MAX + " e-mail addresses");
        }
        if (!sendsMail && !recipients.isEmpty()) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "mail_not_configured",
                    "this service sends no mail, so there can be no recipients; use webhooks");
        }
        try {
            return wish.toSettings();
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static ProblemException invalid(String detail) {
        return Refusals.of(Refusals.UNPROCESSABLE, "invalid_anomaly_settings", detail);
    }
}
