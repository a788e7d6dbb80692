/** What Java does not know of the operating system: named pipes, programs, locks, systemd. */
@NullMarked
package io.nexus.heartbeat.posix;

import org.jspecify.annotations.NullMarked;
