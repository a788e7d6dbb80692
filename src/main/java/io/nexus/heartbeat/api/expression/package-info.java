@NullMarked
package io.nexus.heartbeat.api.expression;

import org.jspecify.annotations.NullMarked;
