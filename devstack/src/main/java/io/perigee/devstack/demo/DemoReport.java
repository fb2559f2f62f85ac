package io.perigee.devstack.demo;

import io.perigee.protocol.id.Amount;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The outcome as a document for programs. */
final class DemoReport {
    private DemoReport() {}

    static Map<String, Object> of(Outcome outcome) {
        var document = new LinkedHashMap<String, Object>();
        document.put("asPromised", outcome.asPromised());
        document.put("cheater", outcome.cheater());
        document.put("job", outcome.job().id());
        document.put("outcome", String.valueOf(outcome.job().outcome()));
        document.put("seconds", outcome.seconds());
        document.put("totalSeconds", outcome.total());
        document.put("residentBytes", outcome.memory().total());
        document.put("residentBytesByProcess", outcome.memory().byName());
        document.put(
                "winners",
                outcome.bundle().payable().winners().stream()
                        .collect(Collectors.toMap(
                                outcome::name, run -> run.opening().root())));
        document.put(
                "contradictors",
                outcome.bundle().payable().contradictors().stream()
                        .collect(Collectors.toMap(
                                outcome::name, run -> run.opening().root())));
        document.put("transactions", outcome.transactions());
        document.put("before", outcome.before().byHolder());
        document.put("after", outcome.after().byHolder());
        document.put("stakesBefore", outcome.stakesBefore());
        document.put("stakesAfter", outcome.stakesAfter());
        document.put("paid", outcome.job().paid());
        document.put("refunded", outcome.job().refunded());
        Amount supply = outcome.after().supply();
        document.put("supply", supply);
        document.put("balanced", outcome.balanced());
        document.put("proven", outcome.proven());
        document.put("adapter", outcome.adapter().toString());
        return document;
    }
}
