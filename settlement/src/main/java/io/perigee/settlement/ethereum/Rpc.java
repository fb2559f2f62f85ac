package io.perigee.settlement.ethereum;

import io.perigee.settlement.chain.ChainUnavailable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.http.HttpService;

/** One JSON-RPC endpoint with bounded waits and bounded answers. Closing it ends its threads. */
public final class Rpc implements AutoCloseable {
    private static final long LONGEST_ANSWER = 32L << 20;

    private final OkHttpClient http;
    private final Web3j web3j;

    public Rpc(URI url, Duration timeout) {
        http = new OkHttpClient.Builder()
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .callTimeout(timeout)
                .addInterceptor(Rpc::bounded)
                .build();
        web3j = Web3j.build(new HttpService(url.toString(), http, false));
    }

    Web3j web3j() {
        return web3j;
    }

    /** Sends and returns the whole response, JSON-RPC error included. */
    <T extends org.web3j.protocol.core.Response<?>> T ask(Request<?, T> request) {
        try {
            return request.send();
        } catch (IOException | RuntimeException e) {
            throw new ChainUnavailable(
                    "Expected to ask the chain node for %s, but it did not answer: %s"
                            .formatted(request.getMethod(), e.getMessage()),
                    e);
        }
    }

    /** The same, where a JSON-RPC error means that the node cannot answer now. */
    <T extends org.web3j.protocol.core.Response<?>> T get(Request<?, T> request) {
        var response = ask(request);
        if (response.hasError()) {
            throw new ChainUnavailable("Expected to ask the chain node for %s, but it answered: %s"
                    .formatted(request.getMethod(), response.getError().getMessage()));
        }
        return response;
    }

    /** The same, with what is taken from the response: an answer that makes no sense is none. */
    <T extends org.web3j.protocol.core.Response<?>, R> R read(Request<?, T> request, Function<T, R> content) {
        return sense(request, get(request), content);
    }

    /** Takes something from a response that is no JSON-RPC error. */
    <T extends org.web3j.protocol.core.Response<?>, R> R sense(
            Request<?, T> request, T response, Function<T, R> content) {
        try {
            return content.apply(response);
        } catch (RuntimeException e) {
            throw new ChainUnavailable(
                    "Expected to ask the chain node for %s, but its answer makes no sense: %s"
                            .formatted(request.getMethod(), e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        web3j.shutdown();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private static Response bounded(Interceptor.Chain chain) throws IOException {
        var response = chain.proceed(chain.request());
        var body = response.body();
        if (body == null) {
            return response;
        }
        var source = new ForwardingSource(body.source()) {
            private long seen;

            @Override
            public long read(Buffer sink, long count) throws IOException {
                var got = super.read(sink, count);
                seen += Math.max(0, got);
                if (seen > LONGEST_ANSWER) {
                    throw new IOException("the answer is longer than " + LONGEST_ANSWER + " bytes");
                }
                return got;
            }
        };
        return response.newBuilder()
                .body(ResponseBody.create(Okio.buffer(source), body.contentType(), body.contentLength()))
                .build();
    }
}
