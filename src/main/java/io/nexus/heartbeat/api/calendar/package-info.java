/** Times that come again, as a person writes them. */
@NullMarked
package io.nexus.heartbeat.api.calendar;

import org.jspecify.annotations.NullMarked;
