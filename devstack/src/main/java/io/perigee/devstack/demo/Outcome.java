package io.perigee.devstack.demo;

import io.perigee.devstack.stack.Memory;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.RunEvidence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What became of the demo's job.
 *
 * @param names whose an address is
 * @param results directory with the proof and the adapter
 * @param proven whether {@code perigee verify} found the proof sound
 * @param memory at the moment when it was highest
 */
record Outcome(
        boolean cheater,
        JobView job,
        Bundle bundle,
        HubInfo hub,
        Map<String, String> names,
        List<Transactions.Mined> transactions,
        Holdings before,
        Holdings after,
        Map<String, Amount> stakesBefore,
        Map<String, Amount> stakesAfter,
        Path results,
        boolean proven,
        Memory memory,
        Map<String, Double> seconds,
        double total) {

    Outcome timed(Map<String, Double> laps, double sum) {
        return new Outcome(
                cheater,
                job,
                bundle,
                hub,
                names,
                transactions,
                before,
                after,
                stakesBefore,
                stakesAfter,
                results,
                proven,
                memory,
                laps,
                sum);
    }

    String name(RunEvidence run) {
        return names.getOrDefault(
                run.assignment().owner().value(), run.assignment().owner().value());
    }

    Path adapter() {
        return results.resolve("outputs").resolve("adapter_model.safetensors");
    }

    /** Whether all winners opened the same root. */
    boolean rootsAgree() {
        return bundle.payable().winners().stream()
                        .map(run -> run.opening().root())
                        .distinct()
                        .count()
                == 1;
    }

    /** What the run's owner lost of its stake. */
    Amount lost(RunEvidence run) {
        return stake(stakesBefore, run).minus(stake(stakesAfter, run));
    }

    private Amount stake(Map<String, Amount> stakes, RunEvidence run) {
        return Objects.requireNonNull(stakes.get(name(run)), name(run));
    }

    /** Not a unit was lost or made between before and after. */
    boolean balanced() {
        return before.complete() && after.complete() && before.supply().equals(after.supply());
    }

    /** What the demo shows: the honest are paid, a cheater is named and loses its bond, and the proof holds. */
    boolean asPromised() {
        boolean accepted = job.outcome() == io.perigee.protocol.rest.Outcome.ACCEPTED;
        boolean named = bundle.payable().contradictors().size() == (cheater ? 1 : 0);
        boolean punished = bundle.payable().contradictors().stream()
                .allMatch(run -> stake(stakesAfter, run).compareTo(stake(stakesBefore, run)) < 0);
        boolean settled = !transactions.isEmpty() && transactions.stream().allMatch(Transactions.Mined::succeeded);
        return accepted
                && named
                && punished
                && settled
                && rootsAgree()
                && balanced()
                && proven
                && Files.exists(adapter());
    }
}
