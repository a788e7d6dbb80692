/**
 * What Java does not know of the operating system: named pipes, process groups, locks, systemd, and
 * of files their mounts, their names and who has them open.
 */
@NullMarked
package io.nexus.heartbeat.posix;

import org.jspecify.annotations.NullMarked;
