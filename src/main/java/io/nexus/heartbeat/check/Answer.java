package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.http.Response;
import java.time.Duration;

/**
 * What an HTTP server answered, for the monitor's conditions.
 *
 * @param from the endpoint's name; empty where there is only one
 * @param took redirects included
 */
record Answer(String from, Response response, Duration took) {}
