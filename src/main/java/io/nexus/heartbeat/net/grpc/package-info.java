/** One unary gRPC call on HTTP/2, on a vetted socket: one stream, nothing trusted. */
@NullMarked
package io.nexus.heartbeat.net.grpc;

import org.jspecify.annotations.NullMarked;
