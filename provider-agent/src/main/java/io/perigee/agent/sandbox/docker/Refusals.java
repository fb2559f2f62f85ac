package io.perigee.agent.sandbox.docker;

import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.DockerException;
import io.perigee.agent.sandbox.ContainerSpec;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.UnusableImage;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whose fault it is when an engine that answers refuses: the image's, or the machine's. Only words tell, and where they do
 * not it is the machine's.
 */
final class Refusals {
    private static final int LONGEST = 500;

    /** In the kernel's words and the engine's own. */
    private static final Pattern MACHINE = Pattern.compile("no space left|quota exceeded|input/output error"
            + "|read-only file system|cannot allocate memory|too many open files|permission denied"
            + "|operation not permitted|context canceled|deadline exceeded|runtime name|client version");

    /**
     * Of what is in a layer. Names, digests and config were read before the engine got the archive, so little is left that
     * is the image's for sure.
     */
    private static final Pattern LAYER = Pattern.compile(
            "gzip: invalid|invalid tar header|archive/tar: (?!write)"
                    + "|diffid|diff id|diff_id|breakout|duplicates of file paths|invalid rootfs|cannot unmarshal|invalid character");

    /** Of a program that is not there or is none, a directory it should run in, a place of the job's files that is another. */
    private static final Pattern PROGRAM =
            Pattern.compile("no command|exec: \"|executable file|command that was not found"
                    + "|chdir to cwd|not a directory|is a directory|invalid signal|working directory");

    /** The same where the status says nothing; runtimes and hooks that are not there sound alike. */
    private static final Pattern SURELY_PROGRAM = Pattern.compile("no command or entrypoint"
            + "|unable to start container process: exec: |command that was not found|crun: executable file");

    private Refusals() {}

    static EngineException ofLoad(String words) {
        var said = lower(words);
        return LAYER.matcher(said).find() && !MACHINE.matcher(said).find()
                ? new UnusableImage(shortened(words))
                : new EngineException("Expected to load the image, but the engine says: " + shortened(words));
    }

    /** Docker answers 400 where the program is at fault, Podman 500 as always. */
    static RuntimeException ofStart(ContainerSpec spec, DockerException refusal) {
        var words = lower(String.valueOf(refusal.getMessage()));
        var program = refusal instanceof BadRequestException ? PROGRAM : SURELY_PROGRAM;
        return program.matcher(words).find() ? new UnusableImage(spec.image(), summary(refusal)) : refusal;
    }

    static String summary(RuntimeException e) {
        return shortened(String.valueOf(e.getMessage()));
    }

    private static String shortened(String words) {
        var text = words.strip();
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    /** The answer is JSON as it came. */
    private static String lower(String words) {
        return words.replace("\\\"", "\"").toLowerCase(Locale.ROOT);
    }
}
