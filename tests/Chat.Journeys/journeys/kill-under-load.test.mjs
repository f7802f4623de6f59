import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../world/api-client.mjs';
import { ChatSite } from '../world/chat-site.mjs';
import { until } from '../world/wait.mjs';

const senders = 4;
const rounds = 4;
const loadMs = 1_200;
const retryMs = 50;
/** A subscriber goes away by itself at moments like these, beside being thrown out by the kills. */
const subscriberStaysMsMax = 700;
const seed = Number(process.env.CHAT_SEED ?? Date.now() % 2 ** 31);

/** A small generator (mulberry32), so that a failing run can be run again. */
function random(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('a server killed under load', () => {
  /** @type {ChatSite} */ let site;
  const acknowledged = new Map();
  const seen = [];
  const people = [];
  let roomId;
  let loading = true;
  let watching = true;

  beforeAll(async () => {
    console.log(`measured: seed ${seed} (CHAT_SEED=${seed} repeats the moments)`);
    site = await ChatSite.open('kill-under-load');
    for (let i = 0; i < senders; i++) {
      people.push(new ApiClient(site));
      await (i === 0 ? people[i].register('Owner') : people[i].enterAsGuest(`Sender ${i}`));
    }
    roomId = await people[0].createRoom('Load');
    for (const person of people.slice(1)) await person.joinRoom(roomId);
  });
  afterAll(() => site?.close());

  /** Posts one message after the other; one that got no answer is sent again as the same command. */
  async function send(person, number) {
    for (let i = 0; loading; i++) {
      const text = `${number}/${i}`;
      const commandId = randomUUID();
      for (let answered = false; !answered;) {
        try {
          acknowledged.set(text, (await person.postMessage(roomId, text, commandId)).position);
          answered = true;
        } catch (error) {
          if (/INVALID|NOT_FOUND|FORBIDDEN|UNAUTHENTICATED|REUSED|INTERNAL/.test(error.message)) throw error;
          await delay(retryMs);
        }
      }
    }
  }

  /** Follows the room for short times, each time resuming after the last event it saw. */
  async function watch(person, next) {
    while (watching) {
      const subscription = person.roomEvents(roomId, seen.at(-1)?.position ?? 0, (event) => seen.push(event));
      await Promise.race([subscription.ended, delay(next() * subscriberStaysMsMax)]);
      subscription.close();
      await subscription.ended;
    }
  }

  it('goes through several kills', async () => {
    const watcher = watch(people[0], random(seed));
    const load = people.map(send);
    const moment = random(seed + 1);
    for (let round = 0; round < rounds; round++) {
      const before = acknowledged.size;
      await until('messages go through in this round', () => acknowledged.size > before);
      await delay(loadMs * (0.5 + moment()));
      await site.kill();
      await site.start();
    }
    loading = false;
    await Promise.all(load);
    const last = Math.max(...acknowledged.values());
    await until('the subscriber sees the last message', () => seen.at(-1)?.position >= last);
    watching = false;
    await watcher;
    console.log(`measured: ${acknowledged.size} messages acknowledged through ${rounds} kills`);
  });

  it('keeps every acknowledged message, once', async () => {
    const texts = (await people[1].messages(roomId)).map(({ text, position }) => [text, position]);
    expect(texts.length).toBe(new Set(texts.map(([text]) => text)).size);
    expect(new Map(texts)).toEqual(acknowledged);
  });

  it('numbers the events 1, 2, 3, … without gaps', async () => {
    const positions = [];
    const all = people[2].roomEvents(roomId, 0, ({ position }) => positions.push(position));
    await until('all events come again', () => positions.at(-1) >= Math.max(...acknowledged.values()));
    all.close();
    expect(positions).toEqual(positions.map((_, index) => index + 1));
  });

  it('showed a resuming subscriber each event once, in order', () => {
    expect(seen.map(({ position }) => position)).toEqual(seen.map((_, index) => index + 1));
    const texts = new Set(seen.filter(({ message }) => message).map(({ message }) => message.text));
    expect(texts).toEqual(new Set(acknowledged.keys()));
  });
});
