@NullMarked
package io.nexus.heartbeat.operator;

import org.jspecify.annotations.NullMarked;
