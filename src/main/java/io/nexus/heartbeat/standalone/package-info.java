@NullMarked
package io.nexus.heartbeat.standalone;

import org.jspecify.annotations.NullMarked;
