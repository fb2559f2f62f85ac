package io.perigee.api.document;

import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.UploadRequest;
import io.perigee.protocol.rest.UploadView;
import io.perigee.protocol.spec.Violation;
import java.util.List;
import java.util.Map;

/** Uploads and downloads as an agent makes them. */
final class ArtifactBlocks {
    private static final String BEARER = Http.bearer(GatewayExamples.TOKEN);
    private static final String JSON = "Content-Type: application/json";
    private static final String UPLOADS = "/api/v1/artifacts/uploads";
    private static final String CONTENT = ExampleJob.fileText("adapter.safetensors", 3);
    private static final ContentId FILE = ExampleParties.content(CONTENT);
    private static final int SIZE = CONTENT.length();
    private static final String ID = ExampleJob.id("upload").toString();
    private static final int HALF = 10;

    private ArtifactBlocks() {}

    static Map<String, String> all() {
        return Map.of(
                "http announce", announce(),
                "http append", append(),
                "http resume", resume(),
                "http finish", finish(),
                "http mismatch", mismatch(),
                "http manifest", manifest(),
                "http missing", missing(),
                "http download", download());
    }

    private static String announce() {
        return Http.exchange(
                "POST %s HTTP/1.1".formatted(UPLOADS),
                List.of(BEARER, JSON),
                new UploadRequest(FILE, SIZE, "application/octet-stream"),
                "201 Created",
                state(0),
                view(0));
    }

    private static String append() {
        return Http.request(
                "PATCH %s/%s HTTP/1.1".formatted(UPLOADS, ID),
                List.of(
                        BEARER,
                        "Content-Type: application/octet-stream",
                        "Upload-Offset: 0",
                        "Content-Length: " + SIZE),
                CONTENT.substring(0, HALF) + "… and here the connection breaks");
    }

    private static String resume() {
        return Http.exchange(
                "GET %s/%s HTTP/1.1".formatted(UPLOADS, ID), List.of(BEARER), null, "200 OK", state(HALF), view(HALF));
    }

    private static String finish() {
        return Http.exchange(
                "PATCH %s/%s HTTP/1.1".formatted(UPLOADS, ID),
                List.of(
                        BEARER,
                        "Content-Type: application/octet-stream",
                        "Upload-Offset: " + HALF,
                        "Content-Length: " + (SIZE - HALF)),
                CONTENT.substring(HALF).strip(),
                "200 OK",
                state(SIZE),
                view(SIZE));
    }

    private static String mismatch() {
        return Http.response(
                "409 Conflict",
                List.of("Content-Type: application/problem+json"),
                RestBlocks.problem(
                        ErrorCode.OFFSET_MISMATCH,
                        "Expected to continue upload '%s' at %d, but the request starts at 0".formatted(ID, HALF),
                        List.of()));
    }

    private static String manifest() {
        return Http.request(
                "POST %s HTTP/1.1".formatted(UPLOADS),
                List.of(BEARER, JSON),
                new UploadRequest(ExampleJob.OUTPUTS.digest(), ExampleJob.OUTPUTS.bytes().length, Manifest.MEDIA_TYPE));
    }

    private static String missing() {
        return Http.response(
                "422 Unprocessable Content",
                List.of("Content-Type: application/problem+json"),
                RestBlocks.problem(
                        ErrorCode.ARTIFACT_MISSING,
                        "Expected every file of manifest '%s' to be uploaded before it, but 1 are not; upload them and send an empty PATCH"
                                .formatted(ExampleJob.OUTPUTS.digest()),
                        List.of(new Violation(
                                "adapter_model.safetensors",
                                "an uploaded file",
                                FILE.value(),
                                "POST /api/v1/artifacts/uploads"))));
    }

    private static String download() {
        return Http.exchange(
                "GET /api/v1/artifacts/%s HTTP/1.1".formatted(FILE),
                List.of(BEARER, "Range: bytes=%d-".formatted(HALF)),
                null,
                "206 Partial Content",
                List.of(
                        "Content-Type: application/octet-stream",
                        "Content-Length: " + (SIZE - HALF),
                        "Content-Range: bytes %d-%d/%d".formatted(HALF, SIZE - 1, SIZE),
                        "ETag: \"%s\"".formatted(FILE),
                        "Accept-Ranges: bytes",
                        "X-Content-Type-Options: nosniff",
                        "Cache-Control: private, max-age=31536000, immutable"),
                CONTENT.substring(HALF).strip());
    }

    private static List<String> state(long offset) {
        return List.of(JSON, "Upload-Offset: " + offset, "Upload-Length: " + SIZE, "Cache-Control: no-store");
    }

    private static UploadView view(long offset) {
        return new UploadView(ID, FILE, SIZE, offset, offset == SIZE);
    }
}
