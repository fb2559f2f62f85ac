package io.perigee.benchmarks.matching;

import com.netflix.fenzo.ConstraintEvaluator;
import com.netflix.fenzo.ConstraintEvaluator.Result;
import com.netflix.fenzo.TaskRequest;
import com.netflix.fenzo.TaskScheduler;
import com.netflix.fenzo.TaskTrackerState;
import com.netflix.fenzo.VMTaskFitnessCalculator;
import com.netflix.fenzo.VirtualMachineCurrentState;
import com.netflix.fenzo.VirtualMachineLease;
import io.perigee.market.matching.OfferView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.mesos.Protos;
import org.jspecify.annotations.Nullable;

/**
 * Netflix Fenzo with the same offers and jobs: our constraints are one hard constraint of each task, the fitness is the
 * cheapness, and no fitness is good enough before all machines were looked at, so that it answers the same question. One
 * replica a job: distinct owners cost it more. Tasks are given in batches, its better mode; what a batch took is offered
 * again with the next, as Mesos would.
 */
final class Fenzo {
    private static final int BATCH = 500;
    private static final Result YES = new Result(true, "");
    private static final Result NO = new Result(false, "does not fit");

    private final Map<String, OfferView> offers = new HashMap<>();
    private final TaskScheduler scheduler = new TaskScheduler.Builder()
            .withLeaseOfferExpirySecs(1_000_000)
            .withLeaseRejectAction(lease -> {})
            .withFitnessCalculator(new Cheapness())
            .withFitnessGoodEnoughFunction(fitness -> false)
            .disableShortfallEvaluation()
            .build();
    private final List<LargeMarket.Wanted> jobs;
    private List<VirtualMachineLease> again = new ArrayList<>();
    private int leases;
    private int at;

    Fenzo(List<OfferView> views, List<LargeMarket.Wanted> jobs) {
        this.jobs = jobs;
        views.forEach(view -> {
            offers.put(view.provider().value(), view);
            again.add(new Lease(view, leases++));
        });
    }

    /** Placements a second of processor time, of all the threads that it uses. */
    double run(double seconds) {
        batch();
        long start = Cost.ofProcess();
        long placed = 0;
        while (Cost.ofProcess() - start < seconds * 1e9) {
            placed += batch();
        }
        double rate = placed / ((Cost.ofProcess() - start) / 1e9);
        scheduler.shutdown();
        return rate;
    }

    private int batch() {
        var tasks = IntStream.range(0, BATCH)
                .mapToObj(task -> new Task(Integer.toString(at), new Fits(jobs.get(at++ % jobs.size()))))
                .toList();
        var result = scheduler.scheduleOnce(tasks, again);
        if (!result.getExceptions().isEmpty()) {
            throw new IllegalStateException(result.getExceptions().getFirst());
        }
        var taken = result.getResultMap();
        again = new ArrayList<>();
        taken.keySet().forEach(host -> again.add(new Lease(offer(host), leases++)));
        return taken.values().stream()
                .mapToInt(host -> host.getTasksAssigned().size())
                .sum();
    }

    private OfferView offer(String host) {
        return Objects.requireNonNull(offers.get(host));
    }

    private OfferView offer(VirtualMachineCurrentState machine) {
        return offer(machine.getHostname());
    }

    private final class Cheapness implements VMTaskFitnessCalculator {
        @Override
        public String getName() {
            return "cheapness";
        }

        @Override
        public double calculateFitness(TaskRequest task, VirtualMachineCurrentState machine, TaskTrackerState tasks) {
            return 1 / (1 + offer(machine).offer().perMillionTokens().value().doubleValue());
        }
    }

    /** All that a job of this market asks for, in the order that refuses soonest. */
    private final class Fits implements ConstraintEvaluator {
        private final LargeMarket.Wanted job;

        Fits(LargeMarket.Wanted job) {
            this.job = job;
        }

        @Override
        public String getName() {
            return "fits";
        }

        @Override
        public Result evaluate(TaskRequest task, VirtualMachineCurrentState machine, TaskTrackerState tasks) {
            var view = offer(machine);
            var need = job.spec().resources().gpu();
            var placement = job.spec().placement();
            var gpu = view.offer().gpus().getFirst();
            boolean fits = (need.models().isEmpty() || need.models().contains(gpu.model()))
                    && gpu.vram() >= need.vramMin()
                    && (placement.regions().isEmpty()
                            || placement.regions().contains(view.offer().region()))
                    && view.reputation().compareTo(placement.minReputation()) >= 0
                    && job.request()
                            .attemptCeiling()
                            .covers(view.offer()
                                    .perMillionTokens()
                                    .mulDivCeil(job.spec().units(), 1_000_000))
                    && !job.request().excludedOwners().contains(view.owner());
            return fits ? YES : NO;
        }
    }

    /** One slot: a processor of a machine that has as many as the offer has slots. */
    private static final class Task implements TaskRequest {
        private final String id;
        private final List<ConstraintEvaluator> constraints;
        private @Nullable AssignedResources assigned;

        Task(String id, ConstraintEvaluator fits) {
            this.id = id;
            this.constraints = List.of(fits);
        }

        @Override
        public String getId() {
            return id;
        }

        @Override
        public String taskGroupName() {
            return "";
        }

        @Override
        public double getCPUs() {
            return 1;
        }

        @Override
        public double getMemory() {
            return 0;
        }

        @Override
        public double getNetworkMbps() {
            return 0;
        }

        @Override
        public double getDisk() {
            return 0;
        }

        @Override
        public int getPorts() {
            return 0;
        }

        @Override
        public Map<String, Double> getScalarRequests() {
            return Map.of();
        }

        @Override
        public Map<String, NamedResourceSetRequest> getCustomNamedResources() {
            return Map.of();
        }

        @Override
        public List<? extends ConstraintEvaluator> getHardConstraints() {
            return constraints;
        }

        @Override
        public List<? extends VMTaskFitnessCalculator> getSoftConstraints() {
            return List.of();
        }

        @Override
        public void setAssignedResources(AssignedResources resources) {
            assigned = resources;
        }

        @Override
        public @Nullable AssignedResources getAssignedResources() {
            return assigned;
        }
    }

    private record Lease(OfferView view, int number) implements VirtualMachineLease {
        @Override
        public String getId() {
            return Integer.toString(number);
        }

        @Override
        public long getOfferedTime() {
            return System.currentTimeMillis();
        }

        @Override
        public String hostname() {
            return view.provider().value();
        }

        @Override
        public String getVMID() {
            return hostname();
        }

        @Override
        public double cpuCores() {
            return view.offer().slots();
        }

        @Override
        public double memoryMB() {
            return 1;
        }

        @Override
        public double networkMbps() {
            return 1;
        }

        @Override
        public double diskMB() {
            return 1;
        }

        @Override
        public List<Range> portRanges() {
            return List.of();
        }

        @Override
        public Protos.Offer getOffer() {
            return Protos.Offer.getDefaultInstance();
        }

        @Override
        public Map<String, Protos.Attribute> getAttributeMap() {
            // it asks for null, which an immutable map refuses
            return new HashMap<>();
        }

        @Override
        public Double getScalarValue(String name) {
            return 0.0;
        }

        @Override
        public Map<String, Double> getScalarValues() {
            return Map.of();
        }
    }
}
