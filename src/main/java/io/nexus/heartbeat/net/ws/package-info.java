/** A WebSocket client (RFC 6455) on {@link io.nexus.heartbeat.net.http.Http}. */
@NullMarked
package io.nexus.heartbeat.net.ws;

import org.jspecify.annotations.NullMarked;
