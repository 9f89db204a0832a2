package io.tollgate.service;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Serves the OpenAPI document. No token: it holds no data. */
@Path("/openapi.json")
@NoToken
@Hidden
public final class OpenApiResource {

    private final String document;

    OpenApiResource(String document) {
        this.document = document;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String document() {
        return document;
    }
}
