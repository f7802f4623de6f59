import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRepository } from '../../../ops/lib/paths.mjs';
import { ChatSite } from '../world/chat-site.mjs';
import { RecordingProxy } from '../world/recording-proxy.mjs';
import { Shell } from '../world/shell.mjs';
import { until } from '../world/wait.mjs';

/** The blocks of the README that are to be typed one after the other. */
const blocks = [...readFileSync(inRepository('README.md'), 'utf8').matchAll(/^```sh tour\n(.*?)^```$/gms)].map(
  ([, commands]) => commands,
);

/** What a tour of the whole server has to show. */
const shown = [
  ...['register', 'signIn', 'enterAsGuest', 'upgradeGuest', 'refreshSession', 'revokeSession', 'signOut', 'sessions'],
  ...['createRoom', 'rooms', 'joinRoom', 'createInviteLink', 'acceptInviteLink', 'updateRoom'],
  ...['postMessage', 'replyToId', 'addReaction', 'pinMessage', 'editMessage', 'deleteMessage', 'reason', 'before'],
  ...['markRead', 'unreadCount', 'unreadTotal', 'muteMember', 'kickMember', 'banMember', 'unbanMember'],
  ...['roomEvents', 'events'],
];

describe("The README's tour of the API", () => {
  /** @type {ChatSite} */ let site;
  /** @type {RecordingProxy} */ let proxy;
  /** @type {Shell} */ let shell;

  beforeAll(async () => {
    site = await ChatSite.open('readme-tour', undefined, { CHAT__RATELIMITSCALE: '1' });
    proxy = new RecordingProxy(site.url);
    await proxy.start();
    shell = new Shell({ CHAT: proxy.url });
  });
  afterAll(async () => {
    shell?.close();
    await proxy?.close();
    await site?.close();
  });

  it('shows what the server can', () => {
    const text = blocks.join('');
    expect(shown.filter((name) => !text.includes(name))).toEqual([]);
    expect(text.trim().split('\n').length).toBeLessThanOrEqual(60);
  });

  it('works as it stands there, on an empty database', async () => {
    for (const commands of blocks) {
      // What ends the streams comes last: until then they have shown everything.
      if (commands.includes('kill ')) await until('all events', () => streamsAreComplete());
      await shell.run(commands);
    }

    const answers = proxy.exchanges.filter(({ contentType }) => !contentType.includes('event-stream'));
    for (const { sent, answer } of answers) expectGood(sent, JSON.parse(answer));
    expect(answers.length).toBeGreaterThan(25);
    for (const events of streams().map(eventsOf)) for (const event of events) expectGood('an event', event);
    expect(shell.output).not.toMatch(/Error|undefined|command not found|not set/);
  });

  const streams = () => proxy.exchanges.filter(({ contentType }) => contentType.includes('event-stream'));

  /** The room's stream has every position up to the last one, and the viewer's has come as far. */
  function streamsAreComplete() {
    const [room, viewer] = ['roomEvents', 'events(after'].map((field) => {
      const stream = streams().find(({ sent }) => sent.includes(field));
      return stream ? eventsOf(stream).map(({ data }) => data) : [];
    });
    const positions = room.map(({ roomEvents }) => roomEvents.position);
    expect(positions).toEqual(positions.map((_, i) => i + 1));
    return (
      room.at(-1)?.roomEvents.change === 'UNBANNED' && viewer.some(({ events }) => events.event.change === 'UNBANNED')
    );
  }
});

/** The results that were sent whole. */
function eventsOf({ answer }) {
  const results = [...answer.matchAll(/^event: next\r?\ndata: (.*)\r?\n\r?\n/gm)];
  return results.map(([, result]) => JSON.parse(result));
}

function expectGood(sent, answer) {
  expect(answer.errors, sent).toBeUndefined();
  for (const [field, value] of Object.entries(answer.data)) {
    expect(value, `${field} of ${sent}`).not.toBeNull();
    expect(value.errors ?? [], sent).toEqual([]);
  }
}
