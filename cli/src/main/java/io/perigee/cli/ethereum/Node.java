package io.perigee.cli.ethereum;

import io.perigee.protocol.error.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.exceptions.ClientConnectionException;
import org.web3j.protocol.http.HttpService;

/** One JSON-RPC endpoint with bounded waits. */
final class Node implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(15);

    private final URI url;
    private final OkHttpClient http;
    private final HttpService service;
    private final Web3j web3j;

    Node(URI url) {
        this.url = url;
        this.http = new OkHttpClient.Builder()
                .connectTimeout(WAIT)
                .readTimeout(WAIT)
                .writeTimeout(WAIT)
                .callTimeout(WAIT)
                .build();
        this.service = new HttpService(url.toString(), http, false);
        this.web3j = Web3j.build(service);
    }

    Web3j web3j() {
        return web3j;
    }

    HttpService service() {
        return service;
    }

    /** Sends, and returns the answer with whatever error it carries. */
    <T extends Response<?>> T ask(Request<?, T> request) {
        try {
            return request.send();
        } catch (IOException | ClientConnectionException e) {
            throw unreachable(e);
        }
    }

    /** Sends, and takes an error for a refusal. */
    <T extends Response<?>> T get(Request<?, T> request) {
        var response = ask(request);
        if (response.hasError()) {
            throw new ChainFault(
                    "Expected %s from the chain node, but it answered: %s"
                            .formatted(request.getMethod(), response.getError().getMessage()),
                    "Check that '%s' is a node of the right chain".formatted(url));
        }
        return response;
    }

    /** A block, which a node behind others may not know yet. */
    EthBlock.Block block(DefaultBlockParameter which) {
        var block = get(web3j.ethGetBlockByNumber(which, false)).getBlock();
        if (block == null) {
            throw new ChainFault(
                    ErrorCode.UNAVAILABLE,
                    "Expected block %s from the chain at '%s', but it does not know it"
                            .formatted(which.getValue(), url),
                    "The endpoint is behind the chain; try again, or name another with --rpc");
        }
        return block;
    }

    /** web3j's wrappers throw Exception. */
    <T> T read(org.web3j.protocol.core.RemoteCall<T> call) {
        try {
            return call.send();
        } catch (IOException | ClientConnectionException e) {
            throw unreachable(e);
        } catch (Exception e) {
            throw new ChainFault(
                    "Expected to read a contract, but %s".formatted(e.getMessage()),
                    "Check that the hub's contracts are on this chain");
        }
    }

    /** web3j has an exception of its own, unchecked, for every answer that is none: a used-up quota, a gateway's 502. */
    private ChainFault unreachable(Exception e) {
        return new ChainFault(
                ErrorCode.UNAVAILABLE,
                "Expected to reach the chain at '%s', but %s".formatted(url, e.getMessage()),
                "Start the chain, or name another endpoint with --rpc");
    }

    @Override
    public void close() {
        web3j.shutdown();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
