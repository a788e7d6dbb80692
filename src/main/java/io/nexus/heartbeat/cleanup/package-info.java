/** Deletes old files, provably without harm. */
@NullMarked
package io.nexus.heartbeat.cleanup;

import org.jspecify.annotations.NullMarked;
