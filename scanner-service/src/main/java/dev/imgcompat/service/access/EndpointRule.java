package dev.imgcompat.service.access;

/**
 * Who may call an endpoint.
 *
 * @param method of HTTP
 * @param path as a pattern, such as {@code /v1/scans/{id}}
 * @param need what is asked of whoever calls it
 */
record EndpointRule(String method, String path, Need need) {}
