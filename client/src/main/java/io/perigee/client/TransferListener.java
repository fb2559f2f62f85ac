package io.perigee.client;

/** Told how a transfer goes; called on the transferring thread. */
@FunctionalInterface
public interface TransferListener {
    TransferListener SILENT = (_, _, _, _) -> {};

    /**
     * Called when bytes of a file moved, and when it was skipped.
     *
     * @param path the file, relative to what is transferred
     * @param done bytes of all files so far, skipped ones included
     * @param total bytes of all files
     * @param skipped this file was there already
     */
    void moved(String path, long done, long total, boolean skipped);
}
