/** What the API server would say of a file, and more, without one. */
@NullMarked
package io.nexus.heartbeat.api.validation;

import org.jspecify.annotations.NullMarked;
