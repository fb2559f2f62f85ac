package io.perigee.trainers.strict;

import io.perigee.trainers.strict.failure.Exit;
import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.JobReader;
import io.perigee.trainers.strict.job.Workplace;
import io.perigee.trainers.strict.json.JsonWriter;
import io.perigee.trainers.strict.train.Generation;
import io.perigee.trainers.strict.train.LogitsReport;
import io.perigee.trainers.strict.train.Outputs;
import io.perigee.trainers.strict.train.Run;
import io.perigee.trainers.strict.train.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The job image's entry point. Without arguments it trains; {@code export <checkpoint>} derives the outputs from a
 * checkpoint; {@code generate <tokens> [chat]} answers the prompt on standard input; {@code logits} serves comparisons with
 * other trainers.
 */
public final class Main {
    private static final int PROMPT_LIMIT = 1 << 20;

    private Main() {}

    public static void main(String[] arguments) {
        StopSignal stop = new StopSignal();
        stop.install();
        Workplace place = Workplace.of(System.getenv());
        Exit exit = Exit.FAILED;
        try {
            exit = dispatch(arguments, place, stop);
        } catch (JobFailure failure) {
            exit = failure.exit();
            tell(place, failure);
        } catch (IOException e) {
            tell(
                    place,
                    JobFailure.machine(
                            "IO",
                            "Expected to read and write the job's files, but " + e + ".",
                            "Look at the disk and the mounts."));
        } catch (OutOfMemoryError e) {
            tell(
                    place,
                    JobFailure.machine(
                            "OUT_OF_MEMORY",
                            "Expected the job to fit in the lent memory, but the heap is full.",
                            "Ask for more 'resources.memory'."));
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            tell(
                    place,
                    JobFailure.machine(
                            "BUG",
                            "Expected the trainer to work, but it failed with " + e + ".",
                            "Report this with the job file."));
        } finally {
            stop.exit(exit);
        }
    }

    private static Exit dispatch(String[] arguments, Workplace place, StopSignal stop) throws IOException {
        if (arguments.length == 0) {
            return new Run(place, System.getenv(), stop, System.out).execute();
        }
        if (arguments.length == 2 && arguments[0].equals("export")) {
            Outputs.derive(JobReader.read(place.job()), Path.of(arguments[1]), place.outputs());
            return Exit.DONE;
        }
        if (arguments.length == 4
                && arguments[0].equals("logits")
                && (arguments[2] + arguments[3]).matches("[0-9]{2,12}")) {
            LogitsReport.write(
                    place, Path.of(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            return Exit.DONE;
        }
        if ((arguments.length == 2 || arguments.length == 3 && arguments[2].equals("chat"))
                && arguments[0].equals("generate")
                && arguments[1].matches("[0-9]{1,6}")) {
            byte[] prompt = System.in.readNBytes(PROMPT_LIMIT);
            System.out.println(Generation.answer(
                    place,
                    new String(prompt, StandardCharsets.UTF_8),
                    Integer.parseInt(arguments[1]),
                    arguments.length == 3));
            return Exit.DONE;
        }
        throw JobFailure.spec(
                "USAGE",
                "Expected no argument, 'export <checkpoint>', 'generate <tokens> [chat]' with the prompt on standard input, or 'logits <checkpoint> <border> <examples>', but got '"
                        + String.join(" ", arguments) + "'.",
                "See trainers/strict/README.md.");
    }

    /** One sentence for whoever reads the log, and the same as a file for whoever reads the outputs. */
    private static void tell(Workplace place, JobFailure failure) {
        System.err.println(failure.code() + ": " + failure.getMessage() + " " + failure.hint());
        String json = JsonWriter.write(
                        Map.of("code", failure.code(), "message", failure.getMessage(), "hint", failure.hint()))
                + "\n";
        try {
            if (Files.isDirectory(place.outputs())) {
                Files.writeString(place.outputs().resolve("error.json"), json);
            }
        } catch (IOException e) {
            System.err.println("Expected to leave the reason in '" + place.outputs() + "', but " + e + ".");
        }
    }
}
