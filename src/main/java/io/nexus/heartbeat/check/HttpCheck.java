package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.HttpTarget.Scheme;
import io.nexus.heartbeat.api.HttpTarget.ServiceRef;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.http.Authority;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** An HTTP request to a url, or to every endpoint behind a Service. */
record HttpCheck(HttpTarget target, Surroundings surroundings) implements Answering {
  private static final int MOST_BODY = 64 * 1024;

  static Check of(HttpTarget target, Surroundings surroundings) {
    return new HttpCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    return run(deadline, target.expect().body() == null ? 4096 : MOST_BODY, _ -> {});
  }

  @Override
  public Reading run(Deadline deadline, Consumer<Answer> answered) throws InterruptedException {
    return run(deadline, MOST_BODY, answered);
  }

  private Reading run(Deadline deadline, int mostBody, Consumer<Answer> answered)
      throws InterruptedException {
    try {
      var service = target.service();
      var probe =
          new HttpProbe(
              surroundings,
              target.expect(),
              ExpectedStatus.of(target.expect().status()),
              headers().credentials());
      var request = request(service == null ? url() : url(service)).readingAtMost(mostBody);
      return service == null
          ? probe.run(
              request,
              deadline,
              (response, took) -> answered.accept(new Answer("", response, took)))
          : everyEndpoint(service, probe, request, deadline, answered);
    } catch (SecretUnavailable | Endpoints.NotTold e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Faults.reading(e);
    }
  }

  private Reading everyEndpoint(
      ServiceRef service,
      HttpProbe probe,
      Request request,
      Deadline deadline,
      Consumer<Answer> answered)
      throws InterruptedException, Endpoints.NotTold {
    var endpoints = surroundings.endpoints().of(service);
    if (endpoints.isEmpty()) {
      return new Reading.Down(
          "service " + service.name() + " has no endpoints",
          Measurements.NONE.with("endpoints", 0).with("endpointsDown", 0));
    }
    var executor = Executors.newVirtualThreadPerTaskExecutor();
    try {
      var running = new ArrayList<Future<Reading>>(endpoints.size());
      for (var endpoint : endpoints) {
        var one = request.via(endpoint.address(), endpoint.port());
        running.add(
            executor.submit(
                () ->
                    probe.run(
                        one,
                        deadline,
                        (response, took) ->
                            answered.accept(new Answer(endpoint.name(), response, took)))));
      }
      var readings = new EndpointReadings();
      for (var i = 0; i < endpoints.size(); i++) {
        readings.add(endpoints.get(i), running.get(i).get());
      }
      return readings.together();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private URI url() throws Misconfigured {
    var text = target.url();
    try {
      if (text == null) {
        throw new Misconfigured("neither url nor service is set");
      }
      var uri = new URI(text);
      var path = uri.getRawPath();
      // 'path' is for a service; beside a url that names none it is welcome too.
      return (path == null || path.isEmpty()) && uri.getRawQuery() == null && !uri.isOpaque()
          ? uri.resolve(new URI(target.path()))
          : uri;
    } catch (URISyntaxException e) {
      throw new Misconfigured("the url is not valid: " + e.getReason() + " at " + e.getIndex());
    }
  }

  private URI url(ServiceRef service) throws Misconfigured {
    var scheme = service.scheme() == Scheme.HTTPS ? "https" : "http";
    var port = service.port().getIntVal();
    var ordinary = service.scheme() == Scheme.HTTPS ? 443 : 80;
    var path = target.path().startsWith("/") ? target.path() : "/" + target.path();
    try {
      return new URI(
          scheme
              + "://"
              + service.name()
              + (port == null || port == ordinary ? "" : ":" + port)
              + path);
    } catch (URISyntaxException e) {
      throw new Misconfigured("the path is not valid: " + e.getReason());
    }
  }

  private Request request(URI uri) throws SecretUnavailable, IOException {
    var host = Authority.of(uri).host();
    var request =
        Request.of(target.method(), uri).with(Trust.of(target.tls(), surroundings.secrets()));
    request = headers().onto(request, host, surroundings.secrets());
    var body = target.body();
    return body == null ? request : request.withBody(body.getBytes(StandardCharsets.UTF_8));
  }

  private SentHeaders headers() {
    return new SentHeaders(target.headers());
  }
}
