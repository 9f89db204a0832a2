package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.usage.Product;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What some usage, or what it cost, is told apart by; empty strings where it is not.
 *
 * @param tags those that were asked for and that it has
 * @param meter empty where all meters are meant
 */
record Used(String project, SortedMap<String, String> tags, Product product, String meter) {

    /** Of what is no usage. */
    static final Used NOTHING = new Used("", Map.of(), new Product("", "", "", "", "", "", "", 0), "");

    Used {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    Used(String project, Map<String, String> tags, Product product, String meter) {
        this(project, new TreeMap<>(tags), product, meter);
    }
}
