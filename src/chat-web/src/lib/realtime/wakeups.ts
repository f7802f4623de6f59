export interface Wakeups {
  /** The network came back: whatever was open before may be dead. */
  readonly online: () => void;
  /** The page is looked at again: timers may have slept. */
  readonly visible: () => void;
}

/** Listens until the returned function is called. */
export function onWakeup({ online, visible }: Wakeups): () => void {
  const changed = (): void => {
    if (document.visibilityState === 'visible') visible();
  };
  window.addEventListener('online', online);
  document.addEventListener('visibilitychange', changed);
  return () => {
    window.removeEventListener('online', online);
    document.removeEventListener('visibilitychange', changed);
  };
}
