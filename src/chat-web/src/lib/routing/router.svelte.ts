const roomPath = /^\/rooms\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/iu;

const mailPath = /^\/(verify-email|reset-password)\/?$/u;

/** A link in a mail. Its token is in the fragment, which no server sees; "" where there is none. */
export interface MailLink {
  readonly page: 'verify-email' | 'reset-password';
  readonly token: string;
}

/** The page's address as state, over the browser's own history. */
export class Router {
  #path = $state(window.location.pathname);
  #fragment = $state(window.location.hash);
  readonly roomId = $derived(roomIdOf(this.#path));
  readonly mailLink = $derived(mailLinkOf(this.#path, this.#fragment));

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
      this.#fragment = window.location.hash;
    };
    window.addEventListener('popstate', moved);
    return () => window.removeEventListener('popstate', moved);
  }

  go(path: string): void {
    if (path === this.#path) return;
    window.history.pushState(null, '', path);
    this.#path = path;
    this.#fragment = '';
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

export function mailLinkOf(path: string, fragment: string): MailLink | null {
  const page = mailPath.exec(path)?.[1];
  if (page !== 'verify-email' && page !== 'reset-password') return null;
  return { page, token: new URLSearchParams(fragment.replace(/^#/u, '')).get('token') ?? '' };
}

export function pathOfRoom(id: string): string {
  return `/rooms/${id}`;
}
