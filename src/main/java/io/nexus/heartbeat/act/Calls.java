package io.nexus.heartbeat.act;

import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.secret.Secrets;
import java.util.function.Function;

/**
 * How programs of one's own are called.
 *
 * @param dialers by monitor
 * @param secrets by monitor
 */
public record Calls(
    Http http,
    Deadlines deadlines,
    Function<MonitorRef, Dialer> dialers,
    Function<MonitorRef, Secrets> secrets) {}
