package io.perigee.protocol.offer;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;

/**
 * A job image this machine holds, and a numeric class its results belong to here. The agent asks the image itself, once
 * for each driver: only the image knows what decides its bits.
 *
 * @param image digest of the OCI image config
 * @param kernels what the container is told in {@code PERIGEE_KERNELS} to compute in this class, such as "avx512"
 * @param gpu whether the class is one of GPUs
 * @param flopsPerSecond training operations a second on what one attempt is lent, as the image's own short benchmark
 *     measured them; 0 when it has none
 */
public record ImageClass(ContentId image, Digest numericClass, String kernels, boolean gpu, long flopsPerSecond) {}
