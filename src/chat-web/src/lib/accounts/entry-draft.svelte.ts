import type { PageStorage } from '../storage';

const key = 'chat.entry';

export type EntryWay = 'signIn' | 'register' | 'guest';

interface Kept {
  readonly way: EntryWay;
  readonly email: string;
  readonly displayName: string;
}

/** What was typed on the way in, shared by the three forms. All but the password survives a reload. */
export class EntryDraft {
  way = $state<EntryWay>('signIn');
  email = $state('');
  displayName = $state('');
  password = $state('');

  constructor(storage: PageStorage) {
    const stored = storage.read(key);
    if (stored === null) return;
    const kept = JSON.parse(stored) as Partial<Kept>;
    this.way = kept.way ?? 'signIn';
    this.email = kept.email ?? '';
    this.displayName = kept.displayName ?? '';
  }

  save(storage: PageStorage): void {
    const kept: Kept = { way: this.way, email: this.email, displayName: this.displayName };
    storage.write(key, JSON.stringify(kept));
  }
}
