package io.tollgate.cli.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.cli.api.ApiClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What people see of an invoice in the terminal. */
class InvoicePrinterTest {

    private static final String LINE = """
            "provider": "openai", "model": "gpt-4o", "acceleratorType": "", "region": "", "operation": "chat",
            "serviceTier": "standard", "outcome": "success", "contextBand": 0, "meter": "input_tokens"\
            """;

    private static final String CONTRACT = """
            "contract": {"entries": [
              {"step": "fee", "id": "ptu", "description": "Units", "explanation": "2 units x 7.20 USD = 14.40 USD", "amount": "14.40"},
              {"step": "tax", "id": "S", "description": "tax: standard rate, SE", "explanation": "25 %", "amount": "6.45"},
              {"step": "credit", "id": "c", "description": "Welcome", "explanation": "all usage", "amount": "-5.00"}],
              "amountDue": "27.27"}""";

    private static String printed(String json) {
        StringWriter text = new StringWriter();
        InvoicePrinter.print(ApiClient.json(json), new PrintWriter(text));
        return text.toString();
    }

    @Test
    void whatTermsAddToTheLinesIsSeenAndAddsUpToWhatIsDue() {
        String text = printed("""
                {"id": "group.2023-11.1", "status": "final", "tenant": "group", "period": "2023-11", "currency": "USD",
                 "servicePeriod": {"from": "a", "to": "b"}, "finalisedAt": "c", "eventCount": 8819,
                 "priceBook": {"name": "list", "versions": [1]}, "exactSum": "11.417", "subtotal": "11.42", "total": "32.27",
                 "exceptions": [], "lines": [{"number": 1, "usedBy": "acme", "reservation": "ptu", %s, "quantity": "1000",
                   "unitPrice": {"amount": "0.00", "per": 1}, "exactAmount": "11.417", "amount": "11.42", "explanation": "x"}],
                 %s}""".formatted(LINE, CONTRACT));

        assertThat(text)
                .contains("used by acme, reservation ptu")
                .contains("| Subtotal")
                .contains("Exact sum 11.417 USD, rounded half up once: 11.42 USD")
                .contains("2 units x 7.20 USD = 14.40 USD")
                .containsPattern("credit +\\| Welcome +\\| all usage +\\| +-5.00")
                .containsPattern("Amount due +\\| +\\| +\\| +27.27");
    }

    @Test
    void aNoteSaysWhatItCorrects() {
        String text = printed("""
                {"id": "acme.2023-11.2", "kind": "credit_note", "invoice": "acme.2023-11.1", "tenant": "acme",
                 "period": "2023-11", "currency": "USD", "servicePeriod": {"from": "a", "to": "b"}, "finalisedAt": "c",
                 "eventCount": -3, "exactSum": "-70.00", "subtotal": "-70.00", "total": "-70.00",
                 "lines": [{"number": 1, %s, "quantity": "-28000000", "exactAmount": "-70.00", "amount": "-70.00"}]}""".formatted(LINE));

        assertThat(text)
                .startsWith("Credit note acme.2023-11.2")
                .contains("corrects acme.2023-11.1, -3 usage events")
                .containsPattern("-28,000,000 +\\| +\\| +-70.00 +\\| -70.00")
                .doesNotContain("see below");
    }
}
