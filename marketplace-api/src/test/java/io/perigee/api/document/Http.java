package io.perigee.api.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests and answers as they go over the wire, with bodies broken into lines for readers. */
final class Http {
    private Http() {}

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    static String exchange(
            String request,
            List<String> requestHeaders,
            @Nullable Object body,
            String status,
            List<String> headers,
            @Nullable Object answer) {
        return request(request, requestHeaders, body) + "\n\n" + response(status, headers, answer);
    }

    static String request(String line, List<String> headers, @Nullable Object body) {
        return message(line, headers, body);
    }

    static String response(String status, List<String> headers, @Nullable Object body) {
        return message("HTTP/1.1 " + status, headers, body);
    }

    private static String message(String line, List<String> headers, @Nullable Object body) {
        var head = headers.isEmpty() ? "" : "\n" + String.join("\n", headers);
        var text = body == null ? "" : "\n\n" + (body instanceof String plain ? plain : PrettyJson.text(body));
        return "```http\n%s%s%s\n```".formatted(line, head, text);
    }
}
