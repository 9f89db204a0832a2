package io.tollgate.invoicing;

import static io.tollgate.invoicing.Contracts.SWEDISH_BUYER;
import static io.tollgate.invoicing.Contracts.acmeFrom;

import io.tollgate.invoicing.contract.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Contracts of acme that have any terms. */
public final class GeneratedContracts {

    private GeneratedContracts() {}

    /** Any terms, over any of their days; of reservations the fees alone. */
    public static Contract contract(Random random) {
        // Their fees alone: what they cover has laws of its own, and needs usage that is told by window.
        return contract(random, "nobody");
    }

    /** @param reservedProvider whose usage reservations cover */
    public static Contract contract(Random random, String reservedProvider) {
        List<String> parts = new ArrayList<>();
        parts.add(random.nextBoolean() ? SWEDISH_BUYER : "'paymentTermDays':10");
        parts.add("'timeZone':'"
                + List.of("UTC", "Europe/Stockholm", "Asia/Kathmandu", "America/New_York")
                        .get(random.nextInt(4)) + "'");
        parts.add("'bundles':["
                + list(
                        random,
                        i -> "{'id':'bundle-" + i + "','seats':" + (1 + random.nextInt(30))
                                + ",'seatPrice':'" + random.nextInt(40) + ".99','included':[{'meter':'"
                                + List.of("input_tokens", "requests").get(random.nextInt(2)) + "','quantity':'"
                                + (1 + random.nextInt(20_000)) + "'}]" + range(random) + "}")
                + "]");
        parts.add("'reservations':["
                + list(
                        random,
                        i -> "{'id':'reservation-" + i + "','units':" + (1 + random.nextInt(9))
                                + ",'hourlyPrice':'0.0" + random.nextInt(1000) + "','hourlyCapacity':'1000',"
                                + "'weights':{'input_tokens':'1'},'match':{'provider':'" + reservedProvider + "'}"
                                + range(random) + "}")
                + "]");
        parts.add("'discounts':["
                + list(
                        random,
                        i -> "{'id':'discount-" + i + "','"
                                + (random.nextBoolean() ? "percent" : "amount") + "':'" + (1 + random.nextInt(60)) + "'"
                                + (random.nextBoolean() ? ",'match':{'provider':'xai'}" : "") + range(random) + "}")
                + "]");
        if (random.nextInt(3) == 0) {
            parts.add("'minimumSpend':'" + random.nextInt(90) + "'");
        }
        if (random.nextInt(3) == 0) {
            parts.add("'maximumSpend':'" + (90 + random.nextInt(90)) + "'");
        }
        parts.add("'commitments':["
                + list(
                        random,
                        i -> "{'id':'commitment-" + i + "','effectiveFrom':'2023-0"
                                + (1 + random.nextInt(9)) + "-11','effectiveTo':'2024-0" + (1 + random.nextInt(6))
                                + "-21','months':"
                                + (1 + random.nextInt(7)) + ",'unused':'"
                                + (random.nextBoolean() ? "true_up" : "roll_over")
                                + "','schedule':[{'effectiveFrom':'FROM','amount':'" + (1 + random.nextInt(300))
                                + ".50'}]}")
                + "]");
        parts.add("'credits':["
                + list(
                        random,
                        i -> "{'id':'credit-" + i + "','amount':'" + (1 + random.nextInt(99))
                                + "','priority':" + random.nextInt(3) + ",'grantedOn':'2023-11-0"
                                + (1 + random.nextInt(9)) + "'"
                                + (random.nextBoolean() ? ",'meters':['input_tokens']" : "")
                                + (random.nextBoolean() ? ",'expiresOn':'2024-01-01'" : "") + "}")
                + "]");
        String json = String.join(",", parts);
        // The schedule starts on the commitment's first day.
        json = json.replaceAll(
                "('effectiveFrom':')([0-9-]+)(','effectiveTo':'[0-9-]+','months'[^}]*')FROM", "$1$2$3$2");
        return acmeFrom("2023-1" + random.nextInt(2) + "-0" + (1 + random.nextInt(9)), json);
    }

    private interface Element {
        String at(int index);
    }

    private static String list(Random random, Element element) {
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            elements.add(element.at(i));
        }
        return String.join(",", elements);
    }

    private static String range(Random random) {
        return (random.nextInt(3) == 0 ? ",'effectiveFrom':'2023-11-0" + (1 + random.nextInt(9)) + "'" : "")
                + (random.nextInt(3) == 0 ? ",'effectiveTo':'2023-11-2" + random.nextInt(10) + "'" : "");
    }
}
