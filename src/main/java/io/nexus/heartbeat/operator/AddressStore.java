package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What an informer keeps of objects whose addresses are all we want: who they are. It hands on the
 * addresses as the informer stores an object, not by a handler, which would run some time after the
 * informer calls itself synced.
 */
final class AddressStore<T extends HasMetadata> extends BasicItemStore<T> {
  private final OwnKind<T> kind;
  private final Supplier<T> empty;
  private final OwnAddresses own;

  /**
   * @param empty an object of that type with nothing in it
   */
  AddressStore(OwnKind<T> kind, Supplier<T> empty, OwnAddresses own) {
    super(Cache::metaNamespaceKeyFunc);
    this.kind = kind;
    this.empty = empty;
    this.own = own;
  }

  @Override
  public T put(String key, T found) {
    own.hold(kind.holder().apply(found), kind.addresses().apply(found));
    return super.put(key, slim(found));
  }

  @Override
  public T remove(String key) {
    var gone = super.remove(key);
    if (gone != null) {
      own.hold(kind.holder().apply(gone), Set.of());
    }
    return gone;
  }

  private T slim(T found) {
    var slim = empty.get();
    slim.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(found.getMetadata().getNamespace())
            .withName(found.getMetadata().getName())
            .withUid(found.getMetadata().getUid())
            .withResourceVersion(found.getMetadata().getResourceVersion())
            .build());
    return slim;
  }
}
