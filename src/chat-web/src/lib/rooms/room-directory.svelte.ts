import {
  CreateRoomDocument,
  JoinRoomDocument,
  RoomListDocument,
  type CreateRoomInput,
  type RefusalFragment,
  type RoomCardFragment,
} from '../generated/operations';
import { CommandIds } from '../graphql/command-id';
import { messageOf } from '../graphql/request-error';
import type { Transport } from '../graphql/transport';

/** Rooms of others appear without being told; this often is often enough. */
export const REFRESH_EVERY_MS = 15_000;
export const SEARCH_PAUSE_MS = 200;

export interface Created {
  readonly room: RoomCardFragment | null;
  readonly errors: readonly RefusalFragment[];
}

/** The viewer's rooms and the public ones to find. */
export class RoomDirectory {
  readonly #transport: Transport;
  readonly #creating = new CommandIds();
  readonly #joining = new CommandIds();
  #joined = $state.raw<readonly RoomCardFragment[]>([]);
  #found = $state.raw<readonly RoomCardFragment[]>([]);
  #next = $state<string | null>(null);
  #search = $state('');
  #loaded = $state(false);
  #problem = $state<string | null>(null);
  #request = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The viewer's rooms that fit the search, by name. */
  readonly mine = $derived(this.#joined.filter((room) => fits(room, this.#search)).toSorted(byName));
  /** Public rooms that the viewer is not in. */
  readonly others = $derived.by(() => {
    const mine = new Set(this.#joined.map((room) => room.id));
    return this.#found.filter((room) => !mine.has(room.id) && !room.viewerMembership);
  });

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get search(): string {
    return this.#search;
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  get isLoaded(): boolean {
    return this.#loaded;
  }

  /** Why the list may be out of date; null when it is not. */
  get problem(): string | null {
    return this.#problem;
  }

  find(search: string): void {
    this.#search = search;
    this.#schedule(SEARCH_PAUSE_MS);
  }

  /** Fetches the first page now, and again and again until `stop`. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#request.abort();
    const request = (this.#request = new AbortController());
    try {
      const variables = { search: this.#search.trim() || null };
      const { viewer, rooms } = await this.#transport.send(RoomListDocument, variables, request.signal);
      if (request.signal.aborted) return;
      this.#joined = viewer?.memberships.map(({ room }) => room) ?? [];
      this.#found = rooms.nodes;
      this.#next = rooms.pageInfo.hasNextPage ? rooms.pageInfo.endCursor : null;
      this.#problem = null;
      this.#loaded = true;
    } catch (error) {
      if (request.signal.aborted) return;
      this.#problem = messageOf(error);
    }
    this.#schedule(REFRESH_EVERY_MS);
  }

  async loadMore(): Promise<void> {
    if (this.#next === null) return;
    const { signal } = this.#request;
    try {
      const variables = { search: this.#search.trim() || null, after: this.#next };
      const { rooms } = await this.#transport.send(RoomListDocument, variables);
      if (signal.aborted) return;
      this.#found = [...this.#found, ...rooms.nodes];
      this.#next = rooms.pageInfo.hasNextPage ? rooms.pageInfo.endCursor : null;
    } catch (error) {
      this.#problem = messageOf(error);
    }
  }

  async create(input: CreateRoomInput): Promise<Created> {
    const commandId = this.#creating.for(input);
    const { createRoom } = await this.#transport.send(CreateRoomDocument, { input: { ...input, commandId } });
    this.#creating.done();
    if (createRoom.room) this.#joined = [...this.#joined, createRoom.room];
    if (createRoom.errors.length === 0) void this.refresh();
    return createRoom;
  }

  /** Null, or why not. */
  async join(roomId: string): Promise<string | null> {
    try {
      const input = { roomId, commandId: this.#joining.for(roomId) };
      const { room, errors } = (await this.#transport.send(JoinRoomDocument, { input })).joinRoom;
      this.#joining.done();
      if (errors[0]) return errors[0].message;
      if (room) this.#joined = [...this.#joined.filter(({ id }) => id !== room.id), room];
      void this.refresh();
      return null;
    } catch (error) {
      return messageOf(error);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#request.abort();
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), delay);
  }
}

function fits(room: RoomCardFragment, search: string): boolean {
  const words = search.trim().toLocaleLowerCase();
  return `${room.name}\n${room.topic}`.toLocaleLowerCase().includes(words);
}

function byName(a: RoomCardFragment, b: RoomCardFragment): number {
  return a.name.localeCompare(b.name);
}
