const roomPath = /^\/rooms\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/iu;

/** The page's address as state, over the browser's own history. */
export class Router {
  #path = $state(window.location.pathname);
  readonly roomId = $derived(roomIdOf(this.#path));

  get path(): string {
    return this.#path;
  }

  /** Whether the address leads nowhere. */
  get isUnknown(): boolean {
    return this.#path !== '/' && this.roomId === null;
  }

  /** Follows the back and forward buttons until the returned function is called. */
  listen(): () => void {
    const moved = (): void => {
      this.#path = window.location.pathname;
    };
    window.addEventListener('popstate', moved);
    return () => window.removeEventListener('popstate', moved);
  }

  go(path: string): void {
    if (path === this.#path) return;
    window.history.pushState(null, '', path);
    this.#path = path;
  }

  /** For `onclick` of a link: stays in the page unless a new tab or window is asked for. */
  follow = (event: MouseEvent & { currentTarget: HTMLAnchorElement }): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.go(event.currentTarget.pathname);
  };
}

export function roomIdOf(path: string): string | null {
  return roomPath.exec(path)?.[1]?.toLowerCase() ?? null;
}

export function pathOfRoom(id: string): string {
  return `/rooms/${id}`;
}
