@NullMarked
package io.nexus.heartbeat.reading;

import org.jspecify.annotations.NullMarked;
