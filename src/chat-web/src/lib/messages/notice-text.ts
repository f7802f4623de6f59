import type { NoticeEntry } from './room-timeline.svelte';

/** The sentence for a notice. A change that this client does not know still says whom it was about. */
export function noticeText({ change, user, actor }: NoticeEntry): string {
  const name = user.displayName;
  const by = actor && actor.id !== user.id ? ` by ${actor.displayName}` : '';
  switch (change) {
    case 'CREATED':
      return `${name} created the room`;
    case 'JOINED':
      return `${name} joined`;
    case 'LEFT':
      return `${name} left`;
    case 'INVITED':
      return `${name} was invited${by}`;
    case 'KICKED':
      return `${name} was removed${by}`;
    case 'BANNED':
      return `${name} was banned${by}`;
    case 'UNBANNED':
      return `${name} may come back${by && `, says ${actor?.displayName}`}`;
    case 'MUTED':
      return `${name} was muted${by}`;
    case 'UNMUTED':
      return `${name} may speak again`;
    case 'ROLE_CHANGED':
      return `The role of ${name} changed`;
    default:
      return `Something changed for ${name}`;
  }
}
