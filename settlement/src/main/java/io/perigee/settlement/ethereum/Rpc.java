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
    /** An answer takes several times its length in memory while it is read. */
    private static final int PART_OF_THE_HEAP = 8;

    private final OkHttpClient http;
    private final Web3j web3j;

    public Rpc(URI url, Duration timeout) {
        this(url, timeout, longestAnswer(Runtime.getRuntime().maxMemory()));
    }

    Rpc(URI url, Duration timeout, long longestAnswer) {
        http = new OkHttpClient.Builder()
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .callTimeout(timeout)
                .addInterceptor(chain -> bounded(chain, longestAnswer))
                .build();
        web3j = Web3j.build(new HttpService(url.toString(), http, false));
    }

    /** So that no answer, however much happened in the blocks that it is about, fills a heap of so many bytes. */
    static long longestAnswer(long heap) {
        return Math.min(LONGEST_ANSWER, heap / PART_OF_THE_HEAP);
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
        } catch (ChainUnavailable e) {
            throw e;
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

    private static Response bounded(Interceptor.Chain chain, long longest) throws IOException {
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
                if (seen > longest) {
                    throw new IOException("the answer is longer than " + longest + " bytes");
                }
                return got;
            }
        };
        return response.newBuilder()
                .body(ResponseBody.create(Okio.buffer(source), body.contentType(), body.contentLength()))
                .build();
    }
}
