package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.HttpTarget.Header;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.Secrets;
import java.util.ArrayList;
import java.util.List;

/** The headers that the author wrote, with their values out of Secrets. */
record SentHeaders(List<Header> headers) {

  /**
   * @param host where they go
   */
  Request onto(Request request, String host, Secrets secrets) throws SecretUnavailable {
    var more = request;
    for (var header : headers) {
      var from = header.valueFrom();
      var value = from == null ? header.value() : secrets.read(from, host).text();
      more = more.with(header.name(), value == null ? "" : value);
    }
    return more;
  }

  /** Which Secrets they carry, for the message when they are not accepted. */
  List<String> credentials() {
    var names = new ArrayList<String>();
    for (var header : headers) {
      var from = header.valueFrom();
      if (from != null) {
        names.add(Words.nameOf(from));
      }
    }
    return names;
  }
}
