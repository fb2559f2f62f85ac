package io.perigee.api.document;

import io.perigee.protocol.message.Domain;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.BundleVerifier;
import io.perigee.protocol.result.Check;
import io.perigee.protocol.result.DrawEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The bundle of the example, and what {@code perigee verify} finds in it, check by check. */
final class BundleBlocks {
    private static final List<Class<? extends Record>> TYPES = List.of(
            Bundle.class, Domain.class, Payable.class, RunEvidence.class, AuditEvidence.class, DrawEvidence.class);

    /** What other bundles are checked for: jobs without borders, contradictions, audits, parts. */
    private static final List<String> REST = List.of(
            "attempt n: no borders, no root",
            "attempt n contradicts the winners",
            "one run won",
            "attempt n: signed that the winner's run holds",
            "attempt n: got what the winner got",
            "enough distinct owners audited",
            "the segments were drawn",
            "the hub's secret is the one it committed to",
            "the segments are those that were drawn",
            "every drawn segment was audited",
            "nobody did or audited two parts");

    private BundleBlocks() {}

    static Map<String, String> all(Meanings meanings, FieldTables tables) {
        var blocks = new TreeMap<String, String>();
        TYPES.forEach(type -> blocks.put("type " + type.getSimpleName(), tables.table(type.getSimpleName(), type)));
        blocks.put("bundle", PrettyJson.fenced(ExampleJob.BUNDLE));
        blocks.put("checks", checks(meanings));
        return blocks;
    }

    /** The first attempt stands for all: its checks are the same for each. */
    private static String checks(Meanings meanings) {
        var rows = new LinkedHashMap<String, String>();
        for (var check : verify()) {
            if (!check.ok()) {
                throw new IllegalStateException("Expected the example's bundle to hold, but " + check);
            }
            var name = check.name().replaceFirst("^attempt [0-9]+", "attempt n");
            rows.putIfAbsent(
                    name,
                    "| %s | %s | %s |"
                            .formatted(name, meanings.of("Check", name).meaning(), check.detail()));
        }
        for (var rest : REST) {
            rows.put(
                    rest,
                    "| %s | %s | |".formatted(rest, meanings.of("Check", rest).meaning()));
        }
        return "| Check | Holds when | In the example |\n| --- | --- | --- |\n"
                + rows.values().stream().collect(Collectors.joining("\n"));
    }

    private static List<Check> verify() {
        var checks = new ArrayList<>(BundleVerifier.verify(ExampleJob.BUNDLE));
        checks.add(BundleVerifier.outputs(ExampleJob.BUNDLE, ExampleJob.OUTPUTS.digest()));
        checks.add(
                BundleVerifier.checkpoint(ExampleJob.BUNDLE, ExampleJob.FIRST.checkpoint(ExampleJob.SPEC.borders())));
        return checks;
    }
}
