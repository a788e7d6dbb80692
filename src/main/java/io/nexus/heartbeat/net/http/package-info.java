/** HTTP/1.1 on a vetted socket: one request, one answer, nothing trusted. */
@NullMarked
package io.nexus.heartbeat.net.http;

import org.jspecify.annotations.NullMarked;
