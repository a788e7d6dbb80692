@NullMarked
package io.nexus.heartbeat.engine;

import org.jspecify.annotations.NullMarked;
