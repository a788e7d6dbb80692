package io.nexus.heartbeat.net.http;

import io.nexus.heartbeat.net.TlsSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request. Host, Connection, Content-Length, Accept-Encoding and User-Agent are added, the
 * first and the last unless they are among the headers.
 *
 * @param maxBody bytes of the answer's body that are read, the rest is left
 * @param via where to connect instead of the URI's host and port, which stay in Host and SNI
 */
public record Request(
    String method,
    URI uri,
    List<Header> headers,
    byte[] body,
    TlsSettings tls,
    int maxBody,
    @Nullable Via via) {
  private static final byte[] NO_BODY = {};

  /** An endpoint behind the URI's name. */
  public record Via(String address, int port) {}

  public Request {
    headers = List.copyOf(headers);
  }

  public static Request of(String method, URI uri) {
    return new Request(method, uri, List.of(), NO_BODY, TlsSettings.DEFAULT, 64 * 1024, null);
  }

  public Request with(String name, String value) {
    var more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Request(method, uri, more, body, tls, maxBody, via);
  }

  public Request withBody(byte[] bytes) {
    return new Request(method, uri, headers, bytes, tls, maxBody, via);
  }

  public Request with(TlsSettings settings) {
    return new Request(method, uri, headers, body, settings, maxBody, via);
  }

  public Request via(String address, int port) {
    return new Request(method, uri, headers, body, tls, maxBody, new Via(address, port));
  }

  public Request readingAtMost(int bytes) {
    return new Request(method, uri, headers, body, tls, bytes, via);
  }

  /** The same to another place; without its body when the method no longer has one. */
  public Request redirected(String newMethod, URI to) {
    return new Request(
        newMethod, to, headers, newMethod.equals(method) ? body : NO_BODY, tls, maxBody, via);
  }

  @Override
  public String toString() {
    return method + " " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
  }
}
