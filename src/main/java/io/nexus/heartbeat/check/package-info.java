@NullMarked
package io.nexus.heartbeat.check;

import org.jspecify.annotations.NullMarked;
