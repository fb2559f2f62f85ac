package io.perigee.agent.capability;

import io.perigee.agent.store.DurableFiles;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.ImageClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What each image said of its numeric classes on this machine, kept over restarts. An answer is good for one image and one
 * surrounding (processor, driver, cores lent): when that changes the image is asked again. Callable from many threads.
 */
public final class ClassBook {
    private static final int MOST_IMAGES = 64;
    private static final int LARGEST = 1 << 20;

    private final Path file;
    private volatile List<Entry> entries;

    /** One image's answer. */
    record Entry(ContentId image, String surrounding, List<ImageClass> classes) {
        Entry {
            classes = List.copyOf(classes);
        }
    }

    /** The file's form. */
    record Pages(List<Entry> entries) {
        Pages {
            entries = List.copyOf(entries);
        }
    }

    private ClassBook(Path file, List<Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /** Opens the book, or starts an empty one; one that cannot be read is started anew, since it can be asked again. */
    public static ClassBook open(Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) <= LARGEST) {
            try {
                return new ClassBook(
                        file, Json.read(Files.readAllBytes(file), Pages.class).entries());
            } catch (RuntimeException e) {
                return new ClassBook(file, List.of());
            }
        }
        return new ClassBook(file, List.of());
    }

    boolean knows(ContentId image, String surrounding) {
        return entries.stream()
                .anyMatch(entry ->
                        entry.image().equals(image) && entry.surrounding().equals(surrounding));
    }

    /** Writes down an answer, in the place of an earlier one. */
    synchronized void put(ContentId image, String surrounding, List<ImageClass> classes) throws IOException {
        var next = new ArrayList<>(entries);
        next.removeIf(entry -> entry.image().equals(image));
        next.add(new Entry(image, surrounding, classes));
        while (next.size() > MOST_IMAGES) {
            next.removeFirst();
        }
        DurableFiles.write(file, Json.bytes(new Pages(next)));
        entries = List.copyOf(next);
    }

    /** The classes of these images, for the offer. */
    List<ImageClass> classes(List<ContentId> images) {
        return entries.stream()
                .filter(entry -> images.contains(entry.image()))
                .flatMap(entry -> entry.classes().stream())
                .toList();
    }

    /** What to tell the image so that it computes in this class; empty when it is not told anything. */
    public String kernels(ContentId image, Digest numericClass) {
        return entries.stream()
                .filter(entry -> entry.image().equals(image))
                .flatMap(entry -> entry.classes().stream())
                .filter(held -> held.numericClass().equals(numericClass))
                .map(ImageClass::kernels)
                .findFirst()
                .orElse("");
    }
}
