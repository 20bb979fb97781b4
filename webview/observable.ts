import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Notifies listeners of changes; once for all changes in one turn of the event loop. */
export class Observable {
  private readonly listeners = new Set<() => void>();
  private pending = false;

  /** Calls `listener` after changes; returns a function that stops it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  protected changed(): void {
    if (this.pending) return;
    this.pending = true;
    queueMicrotask(() => {
      this.pending = false;
      for (const listener of [...this.listeners]) listener();
    });
  }
}

/** Renders its element again when the observable changes, while the element is in the page. */
export class Watch implements ReactiveController {
  private stop: (() => void) | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly observable: () => Observable,
  ) {
    host.addController(this);
  }
  hostConnected(): void {
    this.stop = this.observable().subscribe(() => this.host.requestUpdate());
    this.host.requestUpdate();
  }
  hostDisconnected(): void {
    this.stop?.();
    this.stop = null;
  }
}
