package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.failure.Exit;
import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.Borders;
import io.perigee.trainers.strict.job.JobReader;
import io.perigee.trainers.strict.job.TrainingJob;
import io.perigee.trainers.strict.job.Workplace;
import io.perigee.trainers.strict.lora.LoraLayout;
import io.perigee.trainers.strict.lora.LoraState;
import io.perigee.trainers.strict.math.KernelChoice;
import io.perigee.trainers.strict.math.Kernels;
import io.perigee.trainers.strict.model.LlamaModel;
import io.perigee.trainers.strict.train.Trainer.StepReport;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of a job, or of some of its segments, as the container contract asks for it. */
public final class Run {
    /** A segment that surely ends within this is finished after a stop; any other is dropped. */
    private static final double FINISH_SECONDS = 4;

    private final Workplace place;
    private final Map<String, String> environment;
    private final StopSignal stop;
    private final PrintStream log;

    public Run(Workplace place, Map<String, String> environment, StopSignal stop, PrintStream log) {
        this.place = place;
        this.environment = environment;
        this.stop = stop;
        this.log = log;
    }

    /** Does the work; failures of the job's own making are thrown as {@link JobFailure}. */
    public Exit execute() throws IOException {
        long started = System.nanoTime();
        java.nio.file.Files.deleteIfExists(place.outputs().resolve("error.json"));
        TrainingJob job = JobReader.read(place.job());
        Borders borders = Borders.of(environment, job);
        int threads = threads(job);
        Inputs inputs = Inputs.read(place, job, threads);
        LlamaModel model = inputs.model();
        LoraLayout layout = LoraLayout.of(model.config(), job.method());
        Checkpoints checkpoints = new Checkpoints(job, layout);
        LoraState state = borders.from() == 0
                ? LoraState.start(layout, job.train().seed())
                : checkpoints.read(place.resume(), borders.from());
        Kernels kernels = KernelChoice.best();
        log.printf(
                "strict trainer: borders %d to %d of %d, %d trained and %d frozen parameters, %d examples of %d rows, %s, %d thread(s)%n",
                borders.from(),
                borders.to(),
                job.lastBorder(),
                layout.size(),
                model.config().parameters(),
                inputs.data().examples().size(),
                inputs.data().rows(),
                kernels.getClass().getSimpleName(),
                threads);
        try (Trainer trainer = new Trainer(job, model, inputs.data().examples(), state, kernels, threads);
                Progress progress = Progress.open(place.progress(), System.nanoTime(), log)) {
            Exit exit = segments(job, borders, state, checkpoints, trainer, progress);
            log.printf(
                    "strict trainer: step %d, %.2f s, %.2f CPU s, %d MiB resident%n",
                    state.steps(), (System.nanoTime() - started) / 1e9, cpuSeconds(), Progress.residentBytes() >> 20);
            return exit;
        }
    }

    private Exit segments(
            TrainingJob job,
            Borders borders,
            LoraState state,
            Checkpoints checkpoints,
            Trainer trainer,
            Progress progress)
            throws IOException {
        if (borders.from() == 0) {
            checkpoints.write(place.checkpoints(), 0, state, List.of());
        }
        for (int border = borders.from() + 1; border <= borders.to(); border++) {
            List<String> metrics = new ArrayList<>();
            long began = System.nanoTime();
            int first = state.steps();
            double loss = 0;
            while (state.steps() < job.stepsAt(border)) {
                if (stop.requested()
                        && !endsSoon(
                                state.steps() - first,
                                job.stepsAt(border) - state.steps(),
                                System.nanoTime() - began)) {
                    return Exit.YIELDED;
                }
                StepReport report = trainer.step();
                metrics.add(Progress.metrics(report));
                progress.report(report, System.nanoTime());
                loss = report.loss();
            }
            checkpoints.write(place.checkpoints(), border, state, metrics);
            log.printf("border %d of %d: step %d, loss %.4f%n", border, job.lastBorder(), state.steps(), loss);
            if (stop.requested() && border < borders.to()) {
                return Exit.YIELDED;
            }
        }
        if (borders.to() == job.lastBorder()) {
            java.nio.file.Path last = borders.from() == borders.to()
                    ? place.resume()
                    : place.checkpoints().resolve(Integer.toString(borders.to()));
            Outputs.derive(job, last, place.outputs());
        }
        return Exit.DONE;
    }

    private static boolean endsSoon(int done, int left, long nanos) {
        return done > 0 && nanos / 1e9 / done * left <= FINISH_SECONDS;
    }

    private int threads(TrainingJob job) {
        String wanted = environment.getOrDefault("PERIGEE_THREADS", "");
        int lent = Math.min(job.cpus(), Runtime.getRuntime().availableProcessors());
        return wanted.matches("[1-9][0-9]{0,2}")
                ? Integer.parseInt(wanted)
                : Math.max(1, Math.min(lent, job.train().rowsPerStep()));
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(time -> time.toNanos() / 1e9)
                .orElse(0.0);
    }
}
