package io.tollgate.service;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/** A resource that wants tokens. */
@Path("/v1/things")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ThingsResource {

    /** What is posted and given back. */
    public record Thing(String name, BigDecimal price, Instant at, Optional<String> note) {
        public Thing {
            if (price.signum() < 0) {
                throw new IllegalArgumentException("the price " + price.toPlainString() + " is negative");
            }
        }
    }

    /** Who asked. */
    public record Who(String role) {}

    @POST
    @Operation(operationId = "giveBack", summary = "Give a thing back")
    @ApiResponse(responseCode = "200", description = "the thing", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "409", description = "`taken`: somebody has it")
    @RolesAllowed(Role.Names.PLATFORM)
    public Thing post(@Auth Caller caller, Thing thing) {
        return thing;
    }

    @GET
    @Path("/who")
    @Operation(operationId = "getWho", summary = "Tell who asks")
    @PermitAll
    public Who who(@Auth Caller caller) {
        return new Who(caller.getName());
    }

    @GET
    @Path("/{number}")
    @Operation(operationId = "getNumber", summary = "Tell what was asked")
    @RolesAllowed(Role.Names.FINANCE)
    public Who number(
            @Parameter(description = "any") @PathParam("number") int number,
            @Parameter(description = "another") @QueryParam("limit") int limit) {
        return new Who(number + "/" + limit);
    }

    @POST
    @Path("/{name}:mend")
    @Operation(operationId = "mendThing", summary = "Mend a thing")
    @RolesAllowed(Role.Names.PLATFORM)
    public Who mend(
            @Parameter(description = "of the thing") @PathParam("name") String name,
            @Parameter(description = "a tool") @QueryParam("with") String with) {
        return new Who(name + " with " + with);
    }
}
