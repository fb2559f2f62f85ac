package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.data.DataOrder;
import io.perigee.trainers.strict.data.Example;
import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.TrainingJob;
import io.perigee.trainers.strict.lora.AdamW;
import io.perigee.trainers.strict.lora.LoraLayout;
import io.perigee.trainers.strict.lora.LoraState;
import io.perigee.trainers.strict.lora.LoraStep;
import io.perigee.trainers.strict.lora.Schedule;
import io.perigee.trainers.strict.math.Kernels;
import io.perigee.trainers.strict.model.LlamaModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Takes optimiser steps. Rows are spread over threads; their gradients are added in the order of the rows. */
public final class Trainer implements AutoCloseable {
    private final TrainingJob job;
    private final List<Example> examples;
    private final DataOrder order;
    private final LoraState state;
    private final LoraStep loraStep;
    private final List<Worker> workers = new ArrayList<>();
    private final ExecutorService pool;
    private final float[] gradient;

    /** What a step did; {@code step} counts from 1. */
    public record StepReport(int step, double loss, double rate, double gradientNorm, long tokens) {}

    private record Worker(SequencePass pass, float[] gradient) {}

    private record Row(Example example, Place place) {}

    public Trainer(
            TrainingJob job, LlamaModel model, List<Example> examples, LoraState state, Kernels kernels, int threads) {
        this.job = job;
        this.examples = examples;
        this.order = new DataOrder(job.train().seed(), examples.size());
        this.state = state;
        LoraLayout layout = LoraLayout.of(model.config(), job.method());
        this.loraStep = new LoraStep(layout, job.method().scaling());
        this.gradient = new float[layout.size()];
        int longest = examples.stream()
                .mapToInt(example -> example.tokens().length)
                .max()
                .orElse(2);
        Dropout dropout = new Dropout(job.train().seed(), job.method().dropout());
        Rotary rotary = new Rotary(model.config(), longest - 1);
        int count = Math.clamp(threads, 1, job.train().rowsPerStep());
        for (int i = 0; i < count; i++) {
            SequencePass pass = new SequencePass(kernels, model, layout, loraStep, dropout, rotary, longest - 1);
            workers.add(new Worker(pass, new float[layout.size()]));
        }
        this.pool = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name("row-", 0).factory());
    }

    /** One optimiser step from the current state. */
    public StepReport step() {
        List<Row> rows = rows();
        long learned =
                rows.stream().mapToLong(row -> row.example().learnedTokens()).sum();
        double loss = accumulate(rows, learned) / learned;
        double squares = 0;
        for (float g : gradient) {
            squares += (double) g * g;
        }
        double norm = Math.sqrt(squares);
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw JobFailure.spec(
                    "DIVERGED",
                    "Expected a finite loss and gradient in step " + (state.steps() + 1)
                            + ", but training has diverged.",
                    "Lower 'train.lr', or warm up over more steps.");
        }
        double rate = Schedule.rate(job.train(), state.steps());
        AdamW.step(state, gradient, rate);
        long tokens =
                rows.stream().mapToLong(row -> row.example().tokens().length).sum();
        return new StepReport(state.steps(), loss, rate, norm, tokens);
    }

    /** The summed gradient of the last step, in the layout's order. */
    float[] gradient() {
        return gradient;
    }

    /** Computes loss and gradient of the next step without taking it. */
    double probe() {
        List<Row> rows = rows();
        long learned =
                rows.stream().mapToLong(row -> row.example().learnedTokens()).sum();
        return accumulate(rows, learned) / learned;
    }

    /** Logits of one example's learned positions under the current parameters. */
    float[] logits(Example example) {
        loraStep.load(state.parameters());
        return workers.getFirst().pass().logits(example, new Place(state.steps(), 0, example.tokens().length - 1));
    }

    private List<Row> rows() {
        int count = job.train().rowsPerStep();
        List<Row> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Example example = examples.get(order.at((long) state.steps() * count + i));
            rows.add(new Row(
                    example, new Place(state.steps(), (long) i * job.train().seqLen(), example.tokens().length - 1)));
        }
        return rows;
    }

    private double accumulate(List<Row> rows, long learned) {
        loraStep.load(state.parameters());
        java.util.Arrays.fill(gradient, 0f);
        double loss = 0;
        for (int from = 0; from < rows.size(); from += workers.size()) {
            List<Row> wave = rows.subList(from, Math.min(rows.size(), from + workers.size()));
            for (double rowLoss : wave(wave, learned)) {
                loss += rowLoss;
            }
            for (int w = 0; w < wave.size(); w++) {
                add(workers.get(w).gradient(), gradient);
            }
        }
        return loss;
    }

    private double[] wave(List<Row> wave, long learned) {
        double[] losses = new double[wave.size()];
        List<Future<?>> others = new ArrayList<>();
        for (int w = 1; w < wave.size(); w++) {
            int worker = w;
            others.add(pool.submit(() -> losses[worker] = run(worker, wave.get(worker), learned)));
        }
        losses[0] = run(0, wave.getFirst(), learned);
        for (Future<?> other : others) {
            try {
                other.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a row failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while training", e);
            }
        }
        return losses;
    }

    private double run(int worker, Row row, long learned) {
        return workers.get(worker)
                .pass()
                .run(row.example(), row.place(), learned, workers.get(worker).gradient());
    }

    private static void add(float[] from, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
