/** The one vetted way to open a socket, resolve a name and cap what comes back. */
@NullMarked
package io.nexus.heartbeat.net;

import org.jspecify.annotations.NullMarked;
