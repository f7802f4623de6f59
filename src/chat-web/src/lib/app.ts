import { createContext } from 'svelte';
import { Session } from './accounts/session.svelte';
import { Socket, socketUrl } from './graphql/socket';
import { Transport } from './graphql/transport';
import { onWakeup } from './realtime/wakeups';
import { Router } from './routing/router.svelte';
import { PageStorage } from './storage';

/** What every part of the page may use. Made once, in `main.ts`. */
export interface App {
  readonly transport: Transport;
  readonly socket: Socket;
  readonly session: Session;
  readonly router: Router;
  /** Drafts: shared by the tabs of this browser. */
  readonly drafts: PageStorage;
  /** Unsent messages: each tab its own. */
  readonly unsent: PageStorage;
  /** Listens to the browser until the returned function is called. */
  readonly start: () => () => void;
}

export function createApp(): App {
  const tabs = new BroadcastChannel('chat.session');
  const drafts = new PageStorage(() => window.localStorage);
  const unsent = new PageStorage(() => window.sessionStorage);
  const transport = new Transport();
  const socket = new Socket(socketUrl(window.location));
  const session = new Session(transport, (byThisTab) => {
    // The socket was opened with the cookie of before.
    socket.restart();
    if (!byThisTab) return;
    tabs.postMessage('changed');
    if (session.viewer === null) {
      drafts.clear('chat.draft.');
      unsent.clear('chat.outbox.');
    }
  });
  const router = new Router();

  const start = (): (() => void) => {
    tabs.onmessage = () => void session.refresh();
    const stopRouter = router.listen();
    const wake = (): void => session.wake();
    const stopWakeups = onWakeup({ online: wake, visible: wake });
    void session.refresh();
    return () => {
      tabs.close();
      stopRouter();
      stopWakeups();
    };
  };
  return { transport, socket, session, router, drafts, unsent, start };
}

export const [getApp, setApp] = createContext<App>();
