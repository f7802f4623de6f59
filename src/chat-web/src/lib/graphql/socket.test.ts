import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RoomEventsDocument } from '../generated/operations';
import { posted, roomId } from '../testing';
import { ACKNOWLEDGE_WITHIN_MS, PING_EVERY_MS, PONG_WITHIN_MS, Socket, type Sink } from './socket';

interface Frame {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** The client's end of a graphql-transport-ws connection; the test plays the server. */
class FakeWebSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  static all: FakeWebSocket[] = [];
  readonly OPEN = 1;
  readyState = 0;
  readonly sent: Frame[] = [];
  onopen: () => void = () => undefined;
  onmessage: (message: { data: string }) => void = () => undefined;
  onclose: (event: { code: number; reason: string; wasClean: boolean }) => void = () => undefined;
  onerror: (error: unknown) => void = () => undefined;

  constructor() {
    FakeWebSocket.all.push(this);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Frame);
  }

  close(code = 1000, reason = ''): void {
    this.drop(code, reason);
  }

  acknowledge(): void {
    this.readyState = 1;
    this.onopen();
    this.say({ type: 'connection_ack' });
  }

  say(frame: Frame): void {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  drop(code: number, reason = ''): void {
    this.readyState = 3;
    this.onclose({ code, reason, wasClean: code === 1000 });
  }
}

const last = (): FakeWebSocket => FakeWebSocket.all.at(-1)!;
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

function sink(): Sink<unknown> {
  return { opened: vi.fn(), next: vi.fn(), closed: vi.fn() };
}

async function live(): Promise<{ socket: Socket; heard: Sink<unknown>; id: string; stop: () => void }> {
  const socket = new Socket('ws://chat/graphql', FakeWebSocket);
  const heard = sink();
  const stop = socket.subscribe(RoomEventsDocument, { roomId, after: 3 }, heard);
  await settle();
  last().acknowledge();
  await settle();
  const id = last().sent.find((frame) => frame.type === 'subscribe')?.id ?? '';
  return { socket, heard, id, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeWebSocket.all = [];
});
afterEach(() => vi.useRealTimers());

describe('the socket', () => {
  it('opens with the first subscription and says when it stands', async () => {
    const { heard } = await live();
    expect(FakeWebSocket.all).toHaveLength(1);
    expect(last().sent[1]).toMatchObject({ type: 'subscribe', payload: { variables: { roomId, after: 3 } } });
    expect(heard.opened).toHaveBeenCalledTimes(1);
  });

  it('is shared by all subscriptions', async () => {
    const { socket } = await live();
    const second = sink();
    socket.subscribe(RoomEventsDocument, { roomId, after: 0 }, second);
    await settle();
    expect(FakeWebSocket.all).toHaveLength(1);
    expect(second.opened).toHaveBeenCalledTimes(1);
  });

  it('hands events on', async () => {
    const { heard, id } = await live();
    last().say({ id, type: 'next', payload: { data: { roomEvents: posted(4) } } });
    await settle();
    expect(heard.next).toHaveBeenCalledWith({ roomEvents: posted(4) });
  });

  it('tells a refusal by its code', async () => {
    const { heard, id } = await live();
    last().say({ id, type: 'error', payload: [{ message: 'No such room.', extensions: { code: 'NOT_FOUND' } }] });
    await settle();
    expect(heard.closed).toHaveBeenCalledWith(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  it('tells the end that the server chose from a broken connection', async () => {
    const completed = await live();
    last().say({ id: completed.id, type: 'complete' });
    await settle();
    expect(completed.heard.closed).toHaveBeenCalledWith(null);

    const broken = await live();
    last().drop(1006);
    await settle();
    expect(broken.heard.closed).toHaveBeenCalledWith(expect.objectContaining({ code: 'NETWORK', transient: true }));
    expect(broken.heard.closed).toHaveBeenCalledTimes(1);
  });

  it.each([4401, 4403])('takes close code %i for the end of the session', async (code) => {
    const { heard } = await live();
    last().drop(code);
    await settle();
    expect(heard.closed).toHaveBeenCalledWith(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });

  it('gives up a connection that does not answer any more', async () => {
    const { heard } = await live();
    await vi.advanceTimersByTimeAsync(PING_EVERY_MS);
    expect(last().sent.at(-1)).toEqual({ type: 'ping' });
    last().say({ type: 'pong' });
    await vi.advanceTimersByTimeAsync(PING_EVERY_MS);
    expect(heard.closed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(PONG_WITHIN_MS);
    expect(heard.closed).toHaveBeenCalledWith(expect.objectContaining({ code: 'NETWORK' }));
  });

  it('gives up a server that never welcomes it', async () => {
    const heard = sink();
    new Socket('ws://chat/graphql', FakeWebSocket).subscribe(RoomEventsDocument, { roomId, after: 0 }, heard);
    await settle();
    last().readyState = 1;
    last().onopen();
    await vi.advanceTimersByTimeAsync(ACKNOWLEDGE_WITHIN_MS);
    expect(heard.closed).toHaveBeenCalledWith(expect.objectContaining({ code: 'NETWORK' }));
    expect(heard.opened).not.toHaveBeenCalled();
  });

  it('is made anew with the next cookie', async () => {
    const { socket, heard } = await live();
    socket.restart();
    await settle();
    expect(heard.closed).toHaveBeenCalledTimes(1);
    socket.subscribe(RoomEventsDocument, { roomId, after: 0 }, sink());
    await settle();
    expect(FakeWebSocket.all).toHaveLength(2);
  });

  it('tells nothing to whoever left', async () => {
    const { heard, id, stop } = await live();
    stop();
    expect(last().sent.at(-1)).toMatchObject({ id, type: 'complete' });
    last().drop(1006);
    await settle();
    expect(heard.closed).not.toHaveBeenCalled();
  });
});
