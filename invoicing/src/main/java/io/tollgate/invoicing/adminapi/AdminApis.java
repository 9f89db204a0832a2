package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.billing.CostQuery;
import io.tollgate.invoicing.billing.InvoicedTenants;
import io.tollgate.invoicing.billing.SpendQuery;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.service.HttpService;
import java.time.Clock;

/** Adds the vendors' admin APIs to a service. */
public final class AdminApis {

    private AdminApis() {}

    public static HttpService.Builder addTo(
            HttpService.Builder service,
            UsageReader usage,
            SpendQuery spend,
            CostQuery costs,
            InvoicedTenants tenants,
            Clock clock) {
        VendorUsage quantities = new VendorUsage(usage);
        VendorCosts amounts = new VendorCosts(spend, costs, tenants);
        return service.dialect(new OpenAiDialect())
                .dialect(new AnthropicDialect())
                .resource(new OpenAiResource(quantities, amounts, clock))
                .resource(new AnthropicResource(quantities, amounts, clock));
    }
}
