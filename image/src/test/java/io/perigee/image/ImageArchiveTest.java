package io.perigee.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.image.ImageArchive.BadArchive;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageArchiveTest {
    private static final byte[] CONFIG = config(new byte[1]);
    private static final long MOST = 1 << 20;

    @TempDir
    private Path directory;

    @FunctionalInterface
    private interface Filling {
        void fill(TarArchiveOutputStream tar) throws IOException;
    }

    private Path archive(Filling filling) throws IOException {
        var file = Files.createTempFile(directory, "image", ".tar");
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            filling.fill(tar);
        }
        return file;
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static byte[] manifest(String config, String... layers) {
        return Json.bytes(List.of(
                Map.of("Config", "other.json", "RepoTags", List.of("other:1"), "Layers", List.of()),
                Map.of("Config", config, "RepoTags", List.of("debian:12"), "Layers", List.of(layers))));
    }

    /** Of layers as they are, unpacked. */
    private static byte[] config(byte[]... layers) {
        return config("linux", Arrays.stream(layers).map(Sha256::of).toList());
    }

    private static byte[] config(String os, List<ContentId> layers) {
        return Json.bytes(Map.of("os", os, "rootfs", Map.of("type", "layers", "diff_ids", layers)));
    }

    /** The image whose config has the usual name in it. */
    private static ContentId asked(Path archive) throws IOException {
        try (var file = new TarFile(archive)) {
            for (var entry : file.getEntries()) {
                if (entry.getName().equals("c.json")) {
                    return Sha256.of(file.getInputStream(entry).readAllBytes());
                }
            }
        } catch (IOException e) {
            // no archive
        }
        return Sha256.of(CONFIG);
    }

    private byte[] clean(Path archive) throws IOException {
        var out = new ByteArrayOutputStream();
        new ImageArchive(archive, asked(archive), MOST, MOST).writeTo(out);
        return out.toByteArray();
    }

    private static Map<String, String> entries(byte[] tar) throws IOException {
        try (var file = new TarFile(tar)) {
            return file.getEntries().stream().collect(Collectors.toMap(TarArchiveEntry::getName, entry -> {
                try {
                    return new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
    }

    @Test
    void shouldPassOnOneImageWithoutTagsOrAnythingElse() throws IOException {
        // given
        var one = layer(file("one", 10));
        var archive = archive(tar -> {
            put(tar, "other.json", new byte[] {1});
            put(tar, "c.json", config(one, one));
            put(tar, "l1/layer.tar", one);
            var link = new TarArchiveEntry("l2/layer.tar", TarConstants.LF_SYMLINK);
            link.setLinkName("../l1/layer.tar");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
            put(tar, "repositories", "{\"debian\":{\"12\":\"x\"}}".getBytes(StandardCharsets.UTF_8));
            put(tar, "index.json", "{}".getBytes(StandardCharsets.UTF_8));
            put(tar, "manifest.json", manifest("c.json", "l1/layer.tar", "l2/layer.tar"));
        });

        // when
        var clean = entries(clean(archive));

        // then
        assertThat(clean).containsOnlyKeys("manifest.json", "config.json", "0.tar");
        assertThat(clean.get("manifest.json"))
                .isEqualTo("[{\"Config\":\"config.json\",\"RepoTags\":null,\"Layers\":[\"0.tar\",\"0.tar\"]}]");
        assertThat(clean.get("config.json")).isEqualTo(new String(config(one, one), StandardCharsets.UTF_8));
        assertThat(clean.get("0.tar")).isEqualTo(new String(one, StandardCharsets.UTF_8));
    }

    @Test
    void shouldPassOnNoneOfTheNamesThatEnginesLookFor() throws IOException {
        // given
        var layers = new TreeMap<String, byte[]>();
        for (var name : List.of("./manifest.json", "repositories", "oci-layout", "index.json", "json")) {
            layers.put(name, layer(file(name.substring(2), 10)));
        }
        var names = layers.keySet();
        var archive = archive(tar -> {
            for (var layer : layers.entrySet()) {
                put(tar, layer.getKey(), layer.getValue());
            }
            put(tar, "other.json", new byte[] {1});
            put(tar, "c.json", config(layers.values().toArray(byte[][]::new)));
            put(tar, "manifest.json", manifest("c.json", names.toArray(String[]::new)));
        });

        // when
        var clean = entries(clean(archive));

        // then
        assertThat(clean.keySet().stream().map(name -> Path.of(name).normalize().toString()))
                .containsExactlyInAnyOrder("manifest.json", "config.json", "0.tar", "1.tar", "2.tar", "3.tar", "4.tar");
        assertThat(clean.get("manifest.json")).contains("\"RepoTags\":null").doesNotContain("debian");
    }

    @Test
    void shouldRefuseLayersThatTheConfigDoesNotName() throws IOException {
        // given
        var layer = layer(file("a", 10));
        var other = layer(file("b", 10));
        var manifest = "[{\"Config\":\"x\",\"RepoTags\":[\"debian:12\"],\"Layers\":[]}]";
        var archives = List.of(
                archive(config(other), layer),
                archive(config(layer), layer, other),
                archive(config(layer, other), layer),
                archive(config(), manifest.getBytes(StandardCharsets.UTF_8)));

        // when
        var refusals = archives.stream()
                .map(file -> assertThatThrownBy(() -> clean(file)))
                .toList();

        // then
        refusals.forEach(refusal -> refusal.isInstanceOf(BadArchive.class));
        refusals.get(0).hasMessageContaining(Sha256.of(other).value());
        refusals.get(1).hasMessageContaining("it names 1 and the archive lists 2");
        refusals.get(2).hasMessageContaining("it names 2 and the archive lists 1");
        refusals.get(3).hasMessageContaining("it names 0 and the archive lists 1");
    }

    @Test
    void shouldRefuseAConfigThatEnginesReadOtherwiseOrNotAtAll() throws IOException {
        // given
        var layer = layer(file("a", 10));
        var id = Sha256.of(layer).value();
        var configs = List.of(
                "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"],\"Diff_IDs\":[]}}",
                "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]},\"ROOTFS\":{\"diff_ids\":[]}}",
                "{\"rootfs\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}",
                "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}x",
                "{\"rootfs\":{\"type\":\"windows\",\"diff_ids\":[\"%s\"]}}",
                "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha512:%s\"]}}",
                "{\"os\":\"windows\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}",
                "{}");

        // when
        var refusals = configs.stream()
                .map(config -> config.formatted(id).getBytes(StandardCharsets.UTF_8))
                .map(config -> assertThatThrownBy(() -> clean(archive(config, layer))))
                .toList();

        // then
        refusals.forEach(refusal ->
                refusal.isInstanceOf(BadArchive.class).hasMessageContaining("Expected the config of an image"));
    }

    @Test
    void shouldRefuseAnArchiveThatLacksTheImage() throws IOException {
        // given
        var other = archive(tar -> {
            put(tar, "other.json", new byte[] {1});
            put(tar, "c.json", new byte[] {2});
            put(tar, "manifest.json", manifest("c.json"));
        });
        var layerless = archive(tar -> {
            put(tar, "other.json", new byte[] {1});
            put(tar, "c.json", CONFIG);
            put(tar, "manifest.json", manifest("c.json", "missing.tar"));
        });
        var empty = archive(tar -> {});
        var noTar = Files.write(
                directory.resolve("text"), "this is no archive".repeat(100).getBytes(StandardCharsets.UTF_8));

        // when
        var refusals = List.of(other, layerless, empty, noTar).stream()
                .map(file -> assertThatThrownBy(
                        () -> new ImageArchive(file, Sha256.of(CONFIG), MOST).writeTo(OutputStream.nullOutputStream())))
                .toList();

        // then
        refusals.get(0).isInstanceOf(BadArchive.class).hasMessageContaining("none of its 2 images");
        refusals.get(1).isInstanceOf(BadArchive.class).hasMessageContaining("missing.tar");
        refusals.get(2).isInstanceOf(BadArchive.class).hasMessageContaining("manifest.json");
        refusals.get(3).isInstanceOf(BadArchive.class);
    }

    /** Else whoever orders could make it every machine's failure. */
    @Test
    void shouldBlameTheImageForAManifestOrALinkThatCannotBeRead() throws IOException {
        // given
        var manifests = Stream.of("{", "[{\"Config\": \"c.json\", \"Layers\"", "[".repeat(5_000), "", "7", "[null]")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .collect(Collectors.toList());
        manifests.add(manifest("c\0.json", "l.tar"));
        var archives = new ArrayList<Path>();
        for (var manifest : manifests) {
            archives.add(archive(tar -> {
                put(tar, "c.json", CONFIG);
                put(tar, "manifest.json", manifest);
            }));
        }
        archives.add(Files.write(
                directory.resolve("link.tar"),
                layer(
                        file("other.json", new byte[1]),
                        file("c.json", CONFIG),
                        file("manifest.json", manifest("c.json", "l.tar")),
                        attributes("linkpath=l\0.tar"),
                        link("l.tar"))));

        // when
        var refusals = archives.stream()
                .map(file -> assertThatThrownBy(
                        () -> new ImageArchive(file, Sha256.of(CONFIG), MOST).writeTo(OutputStream.nullOutputStream())))
                .toList();

        // then
        refusals.forEach(refusal -> refusal.isInstanceOf(BadArchive.class));
    }

    @Test
    void shouldRefuseNamesThatLeadOutOfTheArchive() throws IOException {
        // given
        var archive = archive(tar -> {
            put(tar, "other.json", new byte[] {1});
            put(tar, "c.json", CONFIG);
            put(tar, "manifest.json", manifest("c.json", "../../etc/shadow"));
        });

        // when
        var refused = assertThatThrownBy(() -> clean(archive));

        // then
        refused.isInstanceOf(BadArchive.class).hasMessageContaining("plain entry name");
    }

    @Test
    void shouldRefuseLayersThatBecomeMoreThanIsAllowedWhenTheyAreUnpacked() throws IOException {
        // given: little that becomes much
        var bomb = archive(tar -> image(tar, zipped(layer(file("zeros", (int) MOST)))));
        var fits = archive(tar -> image(tar, zipped(layer(file("zeros", (int) MOST - 4_096)))));
        var sparse = archive(tar -> image(tar, sparse()));
        var hidden = archive(tar -> image(tar, layer(linkWithContent(), sparse())));
        var attributed =
                archive(tar -> image(tar, layer(attributes("GNU.sparse.size=1099511627776"), file("hole", 0))));
        var quoted = archive(tar -> image(tar, layer(attributes("comment=a\n13 size=4096"), file("f", 0), sparse())));
        var unknown = archive(
                tar -> image(tar, "(\u00b5/\u00fd, packed otherwise".repeat(100).getBytes(StandardCharsets.UTF_8)));

        // when
        var passed = entries(clean(fits));
        var refusals = List.of(bomb, sparse, hidden, attributed, quoted, unknown).stream()
                .map(file -> assertThatThrownBy(() -> clean(file)))
                .toList();

        // then
        assertThat(Files.size(bomb)).isLessThan(20_000);
        assertThat(passed).containsKey("0.tar");
        refusals.forEach(refusal -> refusal.isInstanceOf(BadArchive.class));
        refusals.get(0).hasMessageContaining("layers unpack to more");
        refusals.get(1).hasMessageContaining("without sparse files");
        refusals.get(2).hasMessageContaining("without sparse files");
        refusals.get(3).hasMessageContaining("without sparse files");
        refusals.get(4).hasMessageContaining("without sparse files");
        refusals.get(5).hasMessageContaining("plain or packed by gzip");
    }

    @Test
    void shouldCountTwoLayersTogetherAndPassOnLongNamesAndAttributes() throws IOException {
        // given
        var name = "d/".repeat(90) + "file";
        var fits = archive(tar -> image(tar, layer(attributes("comment=a", "mtime=1.5"), file(name, 1_000))));
        var two = archive(tar -> image(tar, layer(file("a", (int) MOST / 2)), layer(file("b", (int) MOST / 2))));

        // when
        var refused = assertThatThrownBy(() -> clean(two));

        // then
        refused.isInstanceOf(BadArchive.class).hasMessageContaining("layers unpack to more");
        assertThat(entries(clean(fits))).containsKey("0.tar");
    }

    @Test
    void shouldBlameTheImageOnlyForWhatNobodyTakes() throws IOException {
        // given
        var large = archive(tar -> image(tar, layer(file("a", (int) MOST / 2))));
        var larger = archive(tar -> image(tar, layer(file("a", (int) MOST))));

        // when
        var here = assertThatThrownBy(() -> writeWhereLessIsTaken(large));
        var anywhere = assertThatThrownBy(() -> writeWhereLessIsTaken(larger));

        // then
        here.isInstanceOf(ImageArchive.TooLargeHere.class).hasMessageContaining("largest-image");
        anywhere.isInstanceOf(BadArchive.class).hasMessageContaining("layers unpack to more");
    }

    private static void writeWhereLessIsTaken(Path archive) throws IOException {
        new ImageArchive(archive, asked(archive), MOST / 4, MOST).writeTo(OutputStream.nullOutputStream());
    }

    @Test
    void shouldCountALayerAsOftenAsItIsListed() throws IOException {
        // given: engines unpack each listing
        var layer = layer(file("a", (int) MOST / 2));
        var archive = archive(tar -> {
            put(tar, "layer.tar", layer);
            put(tar, "other.json", new byte[] {1});
            put(tar, "c.json", config(layer, layer));
            put(tar, "manifest.json", manifest("c.json", "layer.tar", "layer.tar"));
        });

        // when
        var refused = assertThatThrownBy(() -> clean(archive));

        // then
        refused.isInstanceOf(BadArchive.class).hasMessageContaining("layers unpack to more");
    }

    @Test
    void shouldRefuseWhatEnginesUnpackOtherwiseThanItReadsAsATar() throws IOException {
        // given: each a well-formed tar, whose first file's name is a magic
        var packings = List.of("BZh91AY", "\u00fd7zXZ\0", "(\u00b5/\u00fd", "P*M\u0018", "_*M\u0018");

        // when
        var refusals = packings.stream()
                .map(magic -> magic.getBytes(StandardCharsets.ISO_8859_1))
                .map(magic -> assertThatThrownBy(() -> clean(archive(tar -> image(tar, layer(begun(magic)))))))
                .toList();

        // then
        refusals.forEach(
                refusal -> refusal.isInstanceOf(BadArchive.class).hasMessageContaining("plain or packed by gzip"));
    }

    @Test
    void shouldRefuseFilesThatGoTakesForDirectoriesAndLooksInto() throws IOException {
        // given: by its header, by its attributes, by a long name, and by its prefix alone
        var hidden = sparse();
        var byHeader = layer(named("dir/", hidden.length), hidden);
        var byAttributes = layer(attributes("path=dir/"), named("x", hidden.length), hidden);
        var longName = layer(longName("dir/"), named("x", hidden.length), hidden);
        var byPrefix = layer(prefixed("dir", hidden.length), hidden);

        // when
        var refusals = List.of(byHeader, byAttributes, longName, byPrefix).stream()
                .map(layer -> assertThatThrownBy(() -> clean(archive(tar -> image(tar, layer)))))
                .toList();

        // then
        refusals.forEach(
                refusal -> refusal.isInstanceOf(BadArchive.class).hasMessageContaining("tar of usual entries"));
    }

    @Test
    void shouldRefuseGlobalAttributesBetweenAFileAndWhatIsSaidOfIt() throws IOException {
        // given: Go forgets the size there, and takes what is content here for headers
        var content = Arrays.copyOf(sparse(), 4_096);
        var sized = layer(attributes("size=4096"), global("comment=a"), file("f", 0), content);
        var named = layer(longName("f"), global("comment=a"), named("dir/", content.length), content);
        var first = archive(tar -> image(tar, layer(global("comment=a"), attributes("mtime=1.5"), file("f", 10))));

        // when
        var passed = entries(clean(first));
        var refusals = List.of(sized, named).stream()
                .map(layer -> assertThatThrownBy(() -> clean(archive(tar -> image(tar, layer)))))
                .toList();

        // then
        assertThat(passed).containsKey("0.tar");
        refusals.forEach(
                refusal -> refusal.isInstanceOf(BadArchive.class).hasMessageContaining("tar of usual entries"));
    }

    @Test
    void shouldCountAllMembersOfAGzipHoweverItsReaderIsFed() throws Exception {
        // given: a stream that never tells what more there is
        var members = new ByteArrayOutputStream();
        members.write(zipped(file("small", 100)));
        members.write(zipped(file("large", 100_000)));
        var silent = new FilterInputStream(new ByteArrayInputStream(members.toByteArray())) {
            @Override
            public int available() {
                return 0;
            }

            @Override
            public int read(byte[] bytes, int at, int length) throws IOException {
                return super.read(bytes, at, Math.min(1, length));
            }
        };

        var digest = MessageDigest.getInstance("SHA-256");

        // when
        long size = LayerSize.of(silent, MOST, digest);

        // then
        assertThat(size).isGreaterThan(100_000);
        assertThat(ContentId.of(digest.digest())).isEqualTo(Sha256.of(unzipped(members.toByteArray())));
    }

    /** An empty file whose name are these bytes. */
    private static byte[] begun(byte[] name) throws IOException {
        var header = Arrays.copyOf(file("x".repeat(name.length), 0), 512);
        System.arraycopy(name, 0, header, 0, name.length);
        return header;
    }

    /** The header of a file of the old kind. */
    private static byte[] named(String name, int size) {
        var entry = new TarArchiveEntry("x".repeat(name.length()), TarConstants.LF_OLDNORM);
        entry.setSize(size);
        var header = new byte[512];
        entry.writeEntryHeader(header);
        Arrays.fill(header, 0, 100, (byte) 0);
        System.arraycopy(name.getBytes(StandardCharsets.ISO_8859_1), 0, header, 0, name.length());
        return header;
    }

    private static byte[] prefixed(String prefix, int size) {
        var header = named("", size);
        System.arraycopy(prefix.getBytes(StandardCharsets.ISO_8859_1), 0, header, 345, prefix.length());
        return header;
    }

    private static byte[] longName(String name) {
        var entry = new TarArchiveEntry("long", TarConstants.LF_GNUTYPE_LONGNAME);
        entry.setSize(name.length());
        var bytes = new byte[1_024];
        entry.writeEntryHeader(bytes);
        System.arraycopy(name.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 512, name.length());
        return bytes;
    }

    @Test
    void shouldRefuseAnArchiveOfHeadersOrOfManifestsAlone() throws IOException {
        // given
        var headers = archive(tar -> {
            for (int i = 0; i < 20_000; i++) {
                put(tar, "e" + i, new byte[0]);
            }
        });
        var manifests = archive(tar -> {
            put(tar, "c.json", CONFIG);
            put(
                    tar,
                    "manifest.json",
                    Json.bytes(Collections.nCopies(65, Map.of("Config", "c.json", "Layers", List.of()))));
        });

        // when
        var many = assertThatThrownBy(() -> clean(headers));
        var often = assertThatThrownBy(() -> clean(manifests));

        // then
        many.isInstanceOf(BadArchive.class).hasMessageContaining("more in it beside the files");
        often.isInstanceOf(BadArchive.class).hasMessageContaining("at most 64 images");
    }

    private static void image(TarArchiveOutputStream tar, byte[]... layers) throws IOException {
        var unpacked = new byte[layers.length][];
        for (int i = 0; i < layers.length; i++) {
            unpacked[i] = layers[i].length > 1 && layers[i][0] == 0x1f ? unzipped(layers[i]) : layers[i];
        }
        imageOf(tar, config(unpacked), layers);
    }

    private Path archive(byte[] config, byte[]... layers) throws IOException {
        return archive(tar -> imageOf(tar, config, layers));
    }

    private static void imageOf(TarArchiveOutputStream tar, byte[] config, byte[]... layers) throws IOException {
        var names = new ArrayList<String>();
        for (byte[] layer : layers) {
            names.add(names.isEmpty() ? "layer.tar" : "layer%d.tar".formatted(names.size()));
            put(tar, names.getLast(), layer);
        }
        put(tar, "other.json", new byte[] {1});
        put(tar, "c.json", config);
        put(tar, "manifest.json", manifest("c.json", names.toArray(String[]::new)));
    }

    private static byte[] unzipped(byte[] bytes) throws IOException {
        try (var zip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return zip.readAllBytes();
        }
    }

    private static byte[] layer(byte[]... entries) throws IOException {
        var all = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            all.write(entry);
        }
        all.write(new byte[1_024]);
        return all.toByteArray();
    }

    private static byte[] zipped(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(packed)) {
            zip.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] file(String name, int size) throws IOException {
        return file(name, new byte[size]);
    }

    private static byte[] file(String name, byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, 512)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            put(tar, name, content);
        }
        var whole = bytes.toByteArray();
        return Arrays.copyOf(whole, whole.length - 1_024);
    }

    /** A terabyte, in two blocks. */
    private static byte[] sparse() {
        var entry = new TarArchiveEntry("hole", (byte) 'S');
        var header = new byte[512];
        entry.writeEntryHeader(header);
        return header;
    }

    private static byte[] link(String name) {
        var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName("elsewhere");
        var header = new byte[512];
        entry.writeEntryHeader(header);
        return header;
    }

    /** Whoever believes its size looks past what follows. */
    private static byte[] linkWithContent() {
        var entry = new TarArchiveEntry("link", TarConstants.LF_LINK);
        entry.setLinkName("elsewhere");
        entry.setSize(4_096);
        var header = new byte[512];
        entry.writeEntryHeader(header);
        return header;
    }

    private static byte[] global(String... keysAndValues) {
        return attributes((byte) 'g', keysAndValues);
    }

    private static byte[] attributes(String... keysAndValues) {
        return attributes((byte) 'x', keysAndValues);
    }

    private static byte[] attributes(byte kind, String... keysAndValues) {
        var records = new StringBuilder();
        for (var record : keysAndValues) {
            // two digits, a space, and the line's end
            records.append("%02d %s\n".formatted(record.length() + 4, record));
        }
        var content = records.toString().getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry("attributes", kind);
        entry.setSize(content.length);
        var bytes = new byte[1_024];
        entry.writeEntryHeader(bytes);
        System.arraycopy(content, 0, bytes, 512, content.length);
        return bytes;
    }
}
