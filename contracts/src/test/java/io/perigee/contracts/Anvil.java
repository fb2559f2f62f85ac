package io.perigee.contracts;

import java.io.IOException;
import java.math.BigInteger;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.methods.response.VoidResponse;
import org.web3j.protocol.http.HttpService;

/** A real chain of its own for one test class. */
final class Anvil implements AutoCloseable {
    private static final long START_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Process process;
    private final HttpService http;
    final Web3j web3j;

    private Anvil(Process process, int port) {
        this.process = process;
        this.http = new HttpService("http://127.0.0.1:" + port);
        this.web3j = Web3j.build(http);
    }

    static Anvil start() throws IOException {
        int port = freePort();
        Process process = new ProcessBuilder(
                        binary(),
                        "--silent",
                        "--prune-history",
                        "256",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--order",
                        "fifo")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Anvil anvil = new Anvil(process, port);
        long until = System.nanoTime() + START_TIMEOUT_NANOS;
        while (true) {
            try {
                anvil.web3j.ethChainId().send();
                return anvil;
            } catch (IOException e) {
                if (System.nanoTime() > until || !process.isAlive()) {
                    anvil.close();
                    throw new IOException("Expected anvil to answer on port " + port + ", but it does not", e);
                }
                Thread.onSpinWait();
            }
        }
    }

    /** Lets {@code seconds} pass on the chain, and mines a block. */
    void pass(long seconds) throws IOException {
        rpc("evm_increaseTime", BigInteger.valueOf(seconds));
        rpc("evm_mine");
    }

    long now() throws IOException {
        return web3j.ethGetBlockByNumber(org.web3j.protocol.core.DefaultBlockParameterName.LATEST, false)
                .send()
                .getBlock()
                .getTimestamp()
                .longValueExact();
    }

    void giveEther(String address) throws IOException {
        rpc("anvil_setBalance", address, "0x3635c9adc5dea00000");
    }

    private void rpc(String method, Object... parameters) throws IOException {
        var answer = new Request<>(method, List.of(parameters), http, VoidResponse.class).send();
        if (answer.hasError()) {
            throw new IOException("Expected " + method + " to succeed, but "
                    + answer.getError().getMessage());
        }
    }

    @Override
    public void close() {
        web3j.shutdown();
        process.destroy();
    }

    /** From the room's npm packages, or, when they were never installed, from the PATH. */
    private static String binary() {
        Path packaged =
                Path.of("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil").toAbsolutePath();
        return Files.isExecutable(packaged) ? packaged.toString() : "anvil";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
