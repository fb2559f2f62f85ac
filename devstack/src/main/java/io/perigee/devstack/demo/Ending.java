package io.perigee.devstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.devstack.Console;
import io.perigee.devstack.stack.Stack;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.RunEvidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What the demonstration ends with: who committed to what, the verdict, the money, and whether all of it is true. */
final class Ending {
    private final Console console;
    private final Stack stack;
    private final Demo.Wishes wishes;
    private final Map<String, String> owners;
    private boolean sound = true;

    Ending(Console console, Stack stack, Demo.Wishes wishes, Map<String, String> owners) {
        this.console = console;
        this.stack = stack;
        this.wishes = wishes;
        this.owners = owners;
    }

    int tell(JsonNode job, Bundle bundle, Purses before, Purses after, Path result, double seconds) {
        console.line("");
        console.line("What was proven");
        for (RunEvidence run : bundle.payable().winners()) {
            runLines(run, "agrees");
        }
        for (RunEvidence run : bundle.payable().contradictors()) {
            runLines(run, "CONTRADICTS");
        }
        verdict(bundle);
        console.line("");
        console.line("Settlement");
        for (String hash : bundle.transactions()) {
            var receipt = stack.ledger().receipt(hash);
            console.line("  " + hash + "  block " + receipt.getBlockNumber() + "  gas " + receipt.getGasUsed());
        }
        money(before, after);
        console.line("");
        Path adapter = result.resolve("outputs").resolve("adapter_model.safetensors");
        check("the adapter is on disk", Files.isRegularFile(adapter));
        console.line("  adapter    " + adapter);
        var memory = stack.highestMemory();
        console.line("  memory     at most " + memory);
        console.line(String.format(Locale.ROOT, "  time       %.1f s from the start of the stack to here", seconds));
        report(job, bundle, before, after, seconds, memory.total());
        console.line("");
        console.line(sound ? "All of it holds." : "NOT all of it holds.");
        return sound ? 0 : 1;
    }

    private void runLines(RunEvidence run, String word) {
        String owner = run.assignment().owner().value();
        console.line("  " + name(owner) + "  owner " + owner + "  " + word);
        console.line("    committed  seal " + run.commitment().seal().value());
        console.line("    revealed   root " + run.opening().root().value());
        console.line("               outputs " + run.opening().outputDigest().value());
    }

    private String name(String owner) {
        return owners.entrySet().stream()
                .filter(each -> each.getValue().equalsIgnoreCase(owner))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("somebody");
    }

    private void verdict(Bundle bundle) {
        var winners = bundle.payable().winners();
        console.line("");
        console.line("  verdict    " + bundle.outcome() + ": " + winners.size() + " owners agree on "
                + bundle.payable().toBorder() + " of " + bundle.spec().borders() + " borders");
        check("the job was accepted", bundle.outcome().equalsIgnoreCase("accepted"));
        check(
                "the roots are equal",
                winners.stream().map(run -> run.opening().root()).distinct().count() == 1);
        check("two owners agree", winners.stream().map(run -> run.assignment().owner()).distinct().count() >= 2);
        for (RunEvidence run : bundle.payable().contradictors()) {
            String cheater = name(run.assignment().owner().value());
            console.line("  cheater    " + cheater + " differs from border " + firstDifference(run, winners.getFirst())
                    + " on: earns nothing, and loses its bond of "
                    + tokens(new BigInteger(run.assignment().bond().toString())));
        }
        check("the cheater is named if there is one", bundle.payable().contradictors().isEmpty() != wishes.cheater());
    }

    private static int firstDifference(RunEvidence liar, RunEvidence honest) {
        for (int i = 0; i < Math.min(liar.segments().size(), honest.segments().size()); i++) {
            if (!liar.segments().get(i).equals(honest.segments().get(i))) {
                return liar.segments().get(i).border();
            }
        }
        return 0;
    }

    private void money(Purses before, Purses after) {
        console.line("");
        console.line(String.format(Locale.ROOT, "Money%28s%16s%16s", "before", "after", "difference"));
        before.byHolder().forEach((name, was) -> {
            BigInteger is = after.byHolder().getOrDefault(name, BigInteger.ZERO);
            BigInteger difference = is.subtract(was);
            console.line(String.format(
                    Locale.ROOT,
                    "  %-14s%17s%16s%16s",
                    name,
                    tokens(was),
                    tokens(is),
                    (difference.signum() > 0 ? "+" : "") + tokens(difference)));
        });
        console.line(String.format(
                Locale.ROOT, "  %-14s%17s%16s%16s", "sum", tokens(before.sum()), tokens(after.sum()), "of " + tokens(after.supply())));
        check("the money adds up to the unit", before.sum().equals(after.sum()) && after.sum().equals(after.supply()));
        if (wishes.cheater()) {
            check("a bond was burned", after.byHolder().get("burned").compareTo(before.byHolder().get("burned")) > 0);
            check(
                    "the cheater earned nothing",
                    after.byHolder().get("provider-1").equals(before.byHolder().get("provider-1")));
        }
    }

    private void check(String what, boolean holds) {
        if (!holds) {
            sound = false;
            console.line("  EXPECTED: " + what + ", but it is not so");
        }
    }

    private static String tokens(BigInteger units) {
        return new BigDecimal(units, 6).toPlainString();
    }

    private void report(JsonNode job, Bundle bundle, Purses before, Purses after, double seconds, long memory) {
        Path file = wishes.report();
        if (file == null) {
            return;
        }
        var figures = new LinkedHashMap<String, Object>();
        figures.put("sound", sound);
        figures.put("job", job);
        figures.put("outcome", bundle.outcome());
        figures.put("seconds", seconds);
        figures.put("residentBytes", memory);
        figures.put("before", before.byHolder());
        figures.put("after", after.byHolder());
        try {
            Files.write(file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(figures));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
