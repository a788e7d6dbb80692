@NullMarked
package io.nexus.heartbeat.api;

import org.jspecify.annotations.NullMarked;
