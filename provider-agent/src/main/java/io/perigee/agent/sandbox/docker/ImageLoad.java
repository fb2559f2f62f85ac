package io.perigee.agent.sandbox.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.LoadResponseItem;
import io.perigee.agent.sandbox.EngineException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** One load of an image. Docker says what is wrong with it in a stream that begins as a success, Podman in its answer. */
final class ImageLoad extends ResultCallback.Adapter<LoadResponseItem> {
    private volatile @Nullable String refusal;

    private ImageLoad() {}

    static void of(DockerClient client, InputStream archive) {
        try (var load = new ImageLoad()) {
            client.loadImageAsyncCmd(archive).exec(load);
            load.awaitCompletion();
            var refusal = load.refusal;
            if (refusal != null) {
                throw Refusals.ofLoad(refusal);
            }
        } catch (DockerException e) {
            throw Refusals.ofLoad(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new EngineException("Expected to load an image, but " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("Expected to load an image, but was interrupted", e);
        }
    }

    @Override
    public void onNext(LoadResponseItem item) {
        var error = item.getErrorDetail();
        if (error != null) {
            refusal = String.valueOf(error.getMessage());
        }
    }
}
