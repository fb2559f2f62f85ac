package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.data.DatasetReader;
import io.perigee.trainers.strict.data.DatasetReader.Dataset;
import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.JobReader;
import io.perigee.trainers.strict.job.TrainingJob;
import io.perigee.trainers.strict.job.Workplace;
import io.perigee.trainers.strict.model.LlamaConfig;
import io.perigee.trainers.strict.model.LlamaConfigReader;
import io.perigee.trainers.strict.model.LlamaModel;
import io.perigee.trainers.strict.model.LlamaModelReader;
import io.perigee.trainers.strict.tokenizer.TokenizerReader;
import java.io.IOException;

/** What a job brings, read and checked against each other. */
public record Inputs(TrainingJob job, LlamaModel model, Dataset data) {

    /** Reads cheap things first, so that a wrong order is refused at once. */
    public static Inputs read(Workplace place, TrainingJob job, int threads) throws IOException {
        LlamaConfig config = LlamaConfigReader.read(place.base());
        if (job.train().seqLen() > config.context()) {
            throw JobFailure.spec(
                    "BAD_SPEC",
                    "Expected 'train.seqLen' to be at most the base model's context of " + config.context()
                            + ", but it is " + job.train().seqLen() + ".",
                    "Lower 'train.seqLen', or take a base model with a longer context.");
        }
        MemoryNeed.check(config, job, threads);
        LlamaModel model = LlamaModelReader.read(place.base(), config);
        Dataset data = DatasetReader.read(
                place.dataset(),
                TokenizerReader.read(place.base(), config.vocabulary()),
                config,
                job.train().seqLen(),
                job.rows());
        return new Inputs(job, model, data);
    }

    /** Reads the job file, too. */
    public static Inputs read(Workplace place) throws IOException {
        return read(place, JobReader.read(place.job()), 1);
    }
}
