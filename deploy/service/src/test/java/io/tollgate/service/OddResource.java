package io.tollgate.service;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Stands where {@link OddDialect} is spoken. */
@Path("/v1/odd")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class OddResource {

    @GET
    @Path("/who")
    @Operation(operationId = "getOddWho", summary = "Tell who asks")
    @ApiResponse(responseCode = "200", description = "who asks", useReturnTypeSchema = true)
    public ThingsResource.Who who(@Auth Caller caller) {
        return new ThingsResource.Who(caller.getName());
    }

    @GET
    @Path("/crash")
    @Operation(operationId = "getOddCrash", summary = "Fail")
    public ThingsResource.Who crash(@Auth Caller caller) {
        if (caller.tenant().isEmpty()) {
            throw new IllegalStateException("secret");
        }
        return new ThingsResource.Who(caller.getName());
    }
}
