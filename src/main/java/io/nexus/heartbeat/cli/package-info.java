@NullMarked
package io.nexus.heartbeat.cli;

import org.jspecify.annotations.NullMarked;
