import type { MemberRowFragment } from '../generated/operations';
import type { RoomEvent } from '../messages/room-timeline.svelte';

interface MemberPage {
  readonly nodes: readonly MemberRowFragment[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Who is in the room: the loaded pages plus the changes since. Each event must be applied exactly once. */
export class Roster {
  #members = $state.raw<readonly MemberRowFragment[]>([]);
  #count = $state(0);
  #next = $state<string | null>(null);

  get members(): readonly MemberRowFragment[] {
    return this.#members;
  }

  get count(): number {
    return this.#count;
  }

  /** The cursor of the next page; null when all are loaded. */
  get next(): string | null {
    return this.#next;
  }

  load(count: number, page: MemberPage): void {
    this.#members = page.nodes;
    this.#count = count;
    this.#next = nextOf(page);
  }

  append(page: MemberPage): void {
    const known = new Set(this.#members.map((member) => member.user.id));
    this.#members = [...this.#members, ...page.nodes.filter((member) => !known.has(member.user.id))];
    this.#next = nextOf(page);
  }

  apply(event: RoomEvent): void {
    if (event.__typename !== 'MemberChanged') return;
    const { user, role } = event;
    // A server may know more or fewer changes than this client.
    const change: string = event.change;
    switch (change) {
      case 'JOINED':
        this.#count += 1;
        // With more pages to come the newcomer is found on one of them, unless shown already.
        this.#members = [...this.#without(user.id), { user, role: role ?? 'MEMBER', joinedAt: event.at }];
        break;
      case 'LEFT':
      case 'KICKED':
      case 'BANNED':
        this.#count = Math.max(0, this.#count - 1);
        this.#members = this.#without(user.id);
        break;
      case 'ROLE_CHANGED':
        this.#members = this.#members.map((member) =>
          member.user.id === user.id ? { ...member, role: role ?? member.role } : member,
        );
        break;
    }
  }

  #without(id: string): MemberRowFragment[] {
    return this.#members.filter((member) => member.user.id !== id);
  }
}

function nextOf({ pageInfo }: MemberPage): string | null {
  return pageInfo.hasNextPage ? pageInfo.endCursor : null;
}
