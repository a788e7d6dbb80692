/** What {@code bench/run} starts; measured in docs/performance.md. */
@NullMarked
package io.nexus.heartbeat.bench;

import org.jspecify.annotations.NullMarked;
