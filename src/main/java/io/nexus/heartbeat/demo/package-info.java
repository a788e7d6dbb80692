/** The neighbours of the demo, which the tests use too. */
@NullMarked
package io.nexus.heartbeat.demo;

import org.jspecify.annotations.NullMarked;
