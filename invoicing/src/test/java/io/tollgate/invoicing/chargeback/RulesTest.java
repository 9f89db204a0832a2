package io.tollgate.invoicing.chargeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tollgate.invoicing.document.Reading;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RulesTest {

    private static final String CENTRES = "'costCentres':[{'id':'a'},{'id':'b','parent':'a'}]";

    private static List<String> faults(String rest) {
        return faults("showback", rest);
    }

    private static List<String> faults(String mode, String rest) {
        return catchThrowableOfType(
                        Reading.FaultsException.class,
                        () -> Months.rules("{'effectiveFrom':'2023-11-01','mode':'" + mode + "'," + rest + "}"))
                .faults()
                .stream()
                .map(fault -> fault.code() + " " + fault.pointer())
                .toList();
    }

    private static String shared(String rule) {
        return CENTRES + ",'shared':[{'id':'s','sources':[{'kind':'tax'}]," + rule + "}]";
    }

    @Test
    void aCircleOfCostCentresIsRefused() {
        assertThat(faults("'costCentres':[{'id':'a','parent':'b'},{'id':'b','parent':'c'},{'id':'c','parent':'b'}]"))
                .containsExactly("cost_centre_cycle /costCentres/1/parent", "cost_centre_cycle /costCentres/2/parent");
        assertThat(faults("'costCentres':[{'id':'a','parent':'a'}]"))
                .containsExactly("cost_centre_cycle /costCentres/0/parent");
    }

    @Test
    void unknownCostCentresAreRefusedWhereverTheyAreNamed() {
        assertThat(faults("'costCentres':[{'id':'a','parent':'x'}],'assignments':[{'id':'r','costCentre':'y'}],"
                        + "'shared':[{'id':'s','sources':[{'kind':'tax'}],'split':'even','over':['z']},"
                        + "{'id':'t','sources':[{'kind':'fee'}],'split':'fixed','shares':{'w':'10'}}]"))
                .containsExactly(
                        "unknown_cost_centre /costCentres/0/parent",
                        "unknown_cost_centre /assignments/0/costCentre",
                        "unknown_cost_centre /shared/0/over",
                        "unknown_cost_centre /shared/1/shares");
    }

    @Test
    void sharesAboveAHundredAreRefused() {
        assertThat(faults(shared("'split':'fixed','shares':{'a':'60.5','b':'39.6'}")))
                .containsExactly("shares_above_100 /shared/0/shares");
    }

    @Test
    void whatOverlapsIsRefused() {
        assertThat(faults(CENTRES + ",'assignments':["
                        + "{'id':'1','when':{'project':['web*','app']},'costCentre':'a'},"
                        + "{'id':'2','when':{'project':['app','web-*'],'model':['gpt-4o']},'costCentre':'b'},"
                        + "{'id':'3','when':{'project':['app','db']},'costCentre':'b'},"
                        + "{'id':'4','costCentreFromTag':'cc'},"
                        + "{'id':'5','when':{'model':['x']},'costCentreFromTag':'cc','declaredOnly':true}]"))
                .as("3 still takes db")
                .containsExactly("overlapping_assignments /assignments/1", "overlapping_assignments /assignments/4");
        assertThat(faults(CENTRES
                        + ",'shared':[{'id':'s','sources':[{'kind':'fee','id':'x'},{'kind':'fee'}],'split':'even'},"
                        + "{'id':'t','sources':[{'kind':'fee'}],'split':'proportional'}]"))
                .containsExactly("overlapping_shared_rules /shared/1/sources");
        assertThat(faults(shared("'split':'proportional','over':['a','b']")))
                .as("a's direct cost has b's in it")
                .containsExactly("overlapping_cost_centres /shared/0/over");
        assertThat(faults(shared("'split':'tiered','bands':[{'upTo':'10','weight':'1'},{'upTo':'9','weight':'1'},"
                        + "{'weight':'2'}]")))
                .containsExactly("invalid_value /shared/0");
    }

    @Test
    void everythingThatIsWrongInAValueIsToldAtOnce() {
        assertThat(faults(
                        "posting",
                        "'costCentres':[{'id':' '}],'assignments':[{'id':'x'},{'id':'y','when':{'colour':['red']},"
                                + "'costCentre':'a'}],'shared':[{'id':'s','sources':[{'kind':'usage'}],'split':'even'},"
                                + "{'id':'s','sources':[{'kind':'tax'}],'split':'even','shares':{'a':'1'}}],"
                                + "'accounts':{'payable':'1','expenses':[{'kinds':['tax'],'account':'2'}]}"))
                .containsExactly(
                        "invalid_value /mode",
                        "invalid_value /costCentres/0",
                        "invalid_value /assignments/0",
                        "invalid_value /assignments/1",
                        "invalid_value /shared/0",
                        "invalid_value /shared/1",
                        "invalid_value /accounts");
        assertThat(faults(CENTRES.replace("'b'", "'a'"))).startsWith("duplicate_id /costCentres/1");
        assertThat(faults("chargeback", CENTRES)).containsExactly("no_accounts /accounts");
    }

    @Test
    void rulesThatNobodyCouldReadAreRefused() {
        String deep = IntStream.range(0, 30)
                .mapToObj(i -> "{'id':'c" + i + "'" + (i == 0 ? "" : ",'parent':'c" + (i - 1) + "'") + "}")
                .collect(Collectors.joining(","));
        assertThat(faults("'costCentres':[" + deep + "]")).allMatch(fault -> fault.startsWith("too_many"));
        String many = IntStream.range(0, 1001)
                .mapToObj(i -> "{'id':'r" + i + "','when':{'project':['" + i + "']},'costCentre':'a'}")
                .collect(Collectors.joining(","));
        assertThat(faults(CENTRES + ",'assignments':[" + many + "]")).containsExactly("too_many /assignments");
    }

    @Test
    void theSameRulesAreEqualHoweverTheirNumbersAreWritten() {
        String json = "{'effectiveFrom':'2023-11-01','mode':'showback',"
                + shared("'split':'fixed','shares':{'a':'50.0'}") + "}";

        assertThat(Months.rules(json)).isEqualTo(Months.rules(json.replace("50.0", "50")));
    }
}
