import type { UserNameFragment } from '../generated/operations';
import type { Outgoing } from './outbox.svelte';
import type { MessageEntry, NoticeEntry, TimelineEntry } from './room-timeline.svelte';

/** Messages of one author closer together than this stand under one name. */
export const GROUP_WITHIN_MS = 5 * 60_000;

export type Line =
  | { readonly kind: 'message'; readonly key: string; readonly at: string; readonly message: MessageEntry }
  | { readonly kind: 'outgoing'; readonly key: string; readonly at: string; readonly outgoing: Outgoing };

export type Block =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: NoticeEntry }
  | { readonly kind: 'group'; readonly key: string; readonly author: UserNameFragment; readonly lines: Line[] };

/** Turns a room's entries and the viewer's own messages on their way into what the page shows, from top to bottom. */
export function layout(
  entries: readonly TimelineEntry[],
  outgoing: readonly Outgoing[],
  viewer: UserNameFragment,
): Block[] {
  const blocks: Block[] = [];
  let day = '';
  const startDay = (at: string): void => {
    const next = new Date(at).toDateString();
    if (next !== day) blocks.push({ kind: 'day', key: `day ${next}`, at });
    day = next;
  };
  const addLine = (author: UserNameFragment, line: Line): void => {
    startDay(line.at);
    const last = blocks.at(-1);
    if (last?.kind === 'group' && last.author.id === author.id && isClose(last.lines.at(-1), line))
      last.lines.push(line);
    else blocks.push({ kind: 'group', key: line.key, author, lines: [line] });
  };

  for (const entry of entries) {
    if (entry.kind === 'notice') {
      const last = blocks.at(-1);
      if (last?.kind === 'notice' && isFirstJoin(last.notice, entry)) continue;
      startDay(entry.at);
      blocks.push({ kind: 'notice', key: `notice ${entry.position}`, notice: entry });
    } else {
      addLine(entry.author, { kind: 'message', key: entry.id, at: entry.sentAt, message: entry });
    }
  }
  for (const item of outgoing) {
    addLine(viewer, { kind: 'outgoing', key: item.commandId, at: item.createdAt, outgoing: item });
  }
  return blocks;
}

function isClose(previous: Line | undefined, line: Line): boolean {
  return previous !== undefined && Date.parse(line.at) - Date.parse(previous.at) < GROUP_WITHIN_MS;
}

/** Whoever creates a room is in it: a second line would not say more. */
function isFirstJoin(before: NoticeEntry, entry: NoticeEntry): boolean {
  return before.change === 'CREATED' && entry.change === 'JOINED' && before.user.id === entry.user.id;
}
