package io.perigee.trainers.strict.image;

/**
 * A finished image.
 *
 * @param imageId the digest of its configuration, by which engines know it
 * @param sha256 the digest of the archive, by which an artifact store knows it
 * @param reused whether an earlier archive of the same content was kept
 */
public record ImageResult(String imageId, String sha256, long size, boolean reused) {}
