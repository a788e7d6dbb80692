@NullMarked
package io.nexus.heartbeat.decide;

import org.jspecify.annotations.NullMarked;
