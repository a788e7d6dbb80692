@NullMarked
package io.nexus.heartbeat.secret;

import org.jspecify.annotations.NullMarked;
