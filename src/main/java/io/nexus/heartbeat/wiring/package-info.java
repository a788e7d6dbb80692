/** What the commands and the demo put together in the same way. */
@NullMarked
package io.nexus.heartbeat.wiring;

import org.jspecify.annotations.NullMarked;
