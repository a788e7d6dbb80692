@NullMarked
package io.nexus.heartbeat.act;

import org.jspecify.annotations.NullMarked;
