package io.tollgate.invoicing.document;

import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Contracts.contract;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.document.Reading.FaultsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractDocumentTest {

    @Test
    void theLeastThatAContractSaysLeavesTheRestToDefaults() {
        Contract contract = contract("{'tenant':'acme','effectiveFrom':'2023-11-01','currency':'USD'}");

        assertThat(contract.book()).isEqualTo("list");
        assertThat(contract.timeZone()).hasToString("UTC");
        assertThat(contract.paymentTermDays()).isEqualTo(30);
        assertThat(contract.terms()).isEmpty();
        assertThat(contract.billing()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'effectiveTo':'2022-01-01' | invalid_value | ",
                "'effectiveTo':'soon' | invalid_value | /effectiveTo",
                "'timeZone':'Atlantis' | invalid_value | /timeZone",
                "'timeZone':'+02:00' | invalid_value | /timeZone",
                "'priceCurrency':'XXY' | invalid_value | /priceCurrency",
                "'priceCurrency':'SEK' | invalid_value | ",
                "'paymentTermDays':400 | invalid_value | ",
                "'book':'no/book' | invalid_value | ",
                "'issuer':'nordic' | issuer_without_buyer | /billTo",
                "'billTo':{'name':'A','country':'SE'} | issuer_without_buyer | /issuer",
                "'issuer':'n','billTo':{'name':'A','country':'Sweden'} | invalid_value | /billTo",
                "'issuer':'n','billTo':{'name':'A','country':'SE','vatId':'1'} | invalid_value | /billTo",
                "'taxExemption':{'category':'E','reason':'x'} | issuer_without_buyer | /issuer",
                "'issuer':'n','billTo':{'name':'A','country':'SE'},'taxExemption':{'category':'S','reason':'x'} | invalid_value | /taxExemption",
                "'overrides':[{'prices':{'images':{'amount':'-1','per':1}}}] | invalid_value | /overrides/0",
                "'overrides':[{'prices':{'images':{'amount':'1','per':1}}},{'name':'b','prices':{'images':{'amount':'2','per':1}}}] | price_tie | /overrides",
                "'bundles':[{'id':'a'},{'id':'b','seats':0}] | invalid_value | /bundles/1",
                "'bundles':[null] | invalid_value | /bundles/0",
                "'bundles':[{'id':'a','included':[{'meter':'images','quantity':'0'}]}] | invalid_value | /bundles/0",
                "'bundles':[{'id':'a','included':[{'meter':'m','quantity':'1','match':{'colour':'red'}}]}] | invalid_value | /bundles/0",
                "'reservations':[{'id':'a','hourlyPrice':'1','hourlyCapacity':'0','weights':{'images':'1'}}] | invalid_value | /reservations/0",
                "'reservations':[{'id':'a','hourlyPrice':'1','hourlyCapacity':'1','weights':{'images':'0'}}] | invalid_value | /reservations/0",
                "'reservations':[{'id':'a','hourlyPrice':'1','hourlyCapacity':'1','weights':{'images':'-1'}}] | invalid_value | /reservations/0",
                "'reservations':[{'id':'a','hourlyPrice':'1','hourlyCapacity':'1','weights':{'images':null}}] | invalid_value | /reservations/0",
                "'reservations':[{'id':'a','hourlyPrice':'-1','hourlyCapacity':'1','weights':{'images':'1'}}] | invalid_value | /reservations/0",
                "'reservations':[{'id':'a','hourlyPrice':'1','hourlyCapacity':'1','weights':{'images':'1'},'units':0}] | invalid_value | /reservations/0",
                "'discounts':[{'id':'a'}] | invalid_value | /discounts/0",
                "'discounts':[{'id':'a','percent':'101'}] | invalid_value | /discounts/0",
                "'discounts':[{'id':'a','percent':'1e1'}] | invalid_value | /discounts/0",
                "'discounts':[{'id':'a b','percent':'1'}] | invalid_value | /discounts/0",
                "'discounts':[{'id':'a','percent':'1'}],'bundles':[{'id':'a'}] | invalid_value | ",
                "'minimumSpend':'x' | invalid_value | /minimumSpend",
                "'minimumSpend':'2','maximumSpend':'1' | minimum_exceeds_maximum | /minimumSpend",
                "'commitments':[{'id':'a','effectiveFrom':'2023-01-01','effectiveTo':'2024-01-01','schedule':[]}] | invalid_value | /commitments/0",
                "'commitments':[{'id':'a','effectiveFrom':'2023-01-01','effectiveTo':'2024-01-01','schedule':[{'effectiveFrom':'2023-02-01','amount':'1'}]}] | invalid_value | /commitments/0",
                "'credits':[{'id':'a','amount':'1.001','grantedOn':'2023-01-01'}] | invalid_value | /credits/0",
                "'credits':[{'id':'a','amount':'1','grantedOn':'2023-01-01','expiresOn':'2023-01-01'}] | invalid_value | /credits/0"
            })
    void whatMakesNoSenseIsToldWithItsPlace(String rest, String code, String pointer) {
        FaultsException refused = catchThrowableOfType(FaultsException.class, () -> acme(rest));

        assertThat(refused.faults())
                .extracting(fault -> fault.code() + " " + fault.pointer())
                .containsExactly(code + " " + (pointer == null ? "" : pointer));
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThatThrownBy(() -> acme("'timeZone':'Atlantis','minimumSpend':'x','discounts':[{'id':'a'},{'id':'b'}]"))
                .isInstanceOfSatisfying(
                        FaultsException.class,
                        refused -> assertThat(refused.faults()).hasSize(4));
    }

    @Test
    void contractsThatSayTheSameInAnotherOrderAreEqual() {
        assertThat(acme("'discounts':[{'id':'a','percent':'1.50'},{'id':'b','amount':'2'}]"))
                .isEqualTo(acme("'discounts':[{'id':'b','amount':'2.00'},{'id':'a','percent':'1.5'}]"));
        String reservation = "'reservations':[{'id':'a','hourlyPrice':'1','hourlyCapacity':'%s','weights':{'m':'%s'}}]";
        assertThat(acme(reservation.formatted("100", "1.50"))).isEqualTo(acme(reservation.formatted("100.0", "1.5")));
    }
}
