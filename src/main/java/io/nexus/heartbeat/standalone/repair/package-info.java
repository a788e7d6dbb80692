/** Repairs this machine: what is done to it, once, and what is known of that after a crash. */
@NullMarked
package io.nexus.heartbeat.standalone.repair;

import org.jspecify.annotations.NullMarked;
