package dev.imgcompat.core.access;

import java.nio.file.Path;

/**
 * A certificate to show to servers that ask for one, and its key, both as PEM.
 *
 * @param certificate the certificate, and those between it and its authority
 * @param key the private key, not encrypted
 */
public record ClientIdentity(Path certificate, Path key) {}
