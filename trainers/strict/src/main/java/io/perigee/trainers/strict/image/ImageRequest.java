package io.perigee.trainers.strict.image;

import java.nio.file.Path;
import java.util.List;

/**
 * What an image is made of.
 *
 * @param jars the trainer and what it needs, in the order of the class path
 * @param jdk a JDK with jlink, whose runtime goes into the image
 * @param out where the docker-archive goes; a description of it is kept beside it
 */
public record ImageRequest(List<Path> jars, Path jdk, Path out) {
    public ImageRequest {
        jars = List.copyOf(jars);
    }
}
